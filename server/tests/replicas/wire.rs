//! A wire to PostgreSQL that can be cut.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use settings::{SecretSetting, Settings};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes bytes on between servers of ours and PostgreSQL.
pub(crate) struct Wire {
    is_cut: watch::Sender<bool>,
    leads_to: watch::Sender<SocketAddr>,
    refused: Arc<AtomicUsize>,
}

impl Wire {
    /// To the PostgreSQL that the settings name; they name the wire afterwards.
    pub(crate) async fn before(settings: &mut Settings) -> Self {
        let url = settings.database_url.clone().unwrap().0;
        let (_, rest) = url.split_once('@').unwrap();
        let (server, _) = rest.split_once('/').unwrap();
        let server: SocketAddr = server.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        settings.database_url = Some(SecretSetting(
            url.replace(&server.to_string(), &address.to_string()),
        ));
        let (is_cut, cut) = watch::channel(false);
        let (leads_to, target) = watch::channel(server);
        let wire = Self {
            is_cut,
            leads_to,
            refused: Arc::default(),
        };
        let refused = wire.refused.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut cut = cut.clone();
                if *cut.borrow() {
                    refused.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
                let target = *target.borrow();
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(target).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = cut.wait_for(|is_cut| *is_cut) => {}
                    }
                });
            }
        });
        wire
    }

    /// Ends all connections and refuses new ones.
    pub(crate) fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    /// Lets new ones through.
    pub(crate) fn mend(&self) {
        self.is_cut.send_replace(false);
    }

    /// Leads new connections to another PostgreSQL; those that are open stay where they are.
    pub(crate) fn lead_to(&self, server: SocketAddr) {
        self.leads_to.send_replace(server);
    }

    /// How many it has refused.
    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }
}
