//! A server of the tests with replicas beside it, each in a runtime of its own that can be killed, and the proxy before them.

use std::sync::Arc;

use crypto::random::SeededRandom;
use server::application::Application;
use service::Services;
use settings::Settings;
use tokio::runtime::{Builder, Runtime};

use crate::proxy::Proxy;
use crate::support::TestApp;

/// Another server on the database, the keys and the clock of the first.
pub(crate) struct Replica {
    pub(crate) base: String,
    pub(crate) services: Arc<Services>,
    runtime: Option<Runtime>,
}

impl Replica {
    /// Starts one beside the first server.
    pub(crate) async fn beside(app: &TestApp, seed: u64) -> Self {
        Self::start(app, app.settings(), seed).await.unwrap()
    }

    /// Starts one with settings of its own, on the clock of the first.
    pub(crate) async fn start(
        app: &TestApp,
        settings: Settings,
        seed: u64,
    ) -> Result<Self, String> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let clock = app.clock.clone();
        let random = Arc::new(SeededRandom::new(seed));
        let built = runtime.spawn(async move {
            let application = Application::build(settings, clock, random).await;
            let application = application.map_err(|problem| problem.to_string())?;
            let services = application.services().clone();
            tokio::spawn(application.run(std::future::pending()));
            Ok::<_, String>(services)
        });
        let services = match built.await.unwrap() {
            Ok(services) => services,
            Err(problem) => {
                runtime.shutdown_background();
                return Err(problem);
            }
        };
        Ok(Self {
            base: format!("http://{}", services.settings.listen),
            services,
            runtime: Some(runtime),
        })
    }

    /// Ends it in the middle of whatever it does: its connections drop, and nothing of it runs any further.
    pub(crate) fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Two servers behind a proxy without stickiness; `app` speaks to the proxy.
pub(crate) struct Cluster {
    pub(crate) app: TestApp,
    pub(crate) first: String,
    pub(crate) second: Replica,
    _proxy: Proxy,
}

impl Cluster {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl Fn(&mut Settings) + Send + Sync + 'static) -> Self {
        let mut app = TestApp::start_with(move |settings| {
            settings.trusted_proxies = vec![serde_json::from_str("\"127.0.0.1/32\"").unwrap()];
            change(settings);
        })
        .await;
        assert!(app.is_postgres(), "run this by scripts/with-postgres");
        let second = Replica::beside(&app, 2).await;
        let proxy = Proxy::start(&[&app.base, &second.base]).await;
        let first = std::mem::replace(&mut app.base, proxy.base.clone());
        Self {
            app,
            first,
            second,
            _proxy: proxy,
        }
    }
}
