//! The loop that takes connections. It is ours because clients can be slow on purpose: each phase of a request has
//! its time, and after the signal to stop a connection ends with the request it is at. docs/decisions/0017-operation.md

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;
use tokio_io_timeout::TimeoutStream;
use tower::Service as _;

use super::head::{MOST_FIELDS_READ, MOST_READ};
use crate::config::HttpLimits;

/// How long connections without a request are kept once no more are taken.
const LAST_HEADS: Duration = Duration::from_millis(100);
/// How long to wait when the system has no more connections to give.
const PAUSE: Duration = Duration::from_secs(1);

/// When everything that was begun must have ended.
pub struct Deadline(Pin<Box<Sleep>>);

impl Deadline {
    /// So long from now.
    pub fn after(time: Duration) -> Self {
        Self(Box::pin(tokio::time::sleep(time)))
    }

    /// Waits for it; at once, once it has passed.
    pub async fn passed(&mut self) {
        if !self.0.is_elapsed() {
            (&mut self.0).await;
        }
    }
}

/// Takes connections until `stop` resolves, then lets the requests that have begun finish until the
/// deadline that it gave, which is given back.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: HttpLimits,
    connections: &Gauge,
    stop: impl Future<Output = Deadline>,
) -> Deadline {
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    let mut end = loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let one = Connection { stream, peer, router: router.clone(), limits };
                    tokio::spawn(one.answer(&graceful, connections.clone()));
                }
                Err(error) => wait_out(&error).await,
            },
            end = &mut stop => break end,
        }
    };
    drop(listener);
    if graceful.count() > 0 {
        // A connection of this moment has its first request on the way; closing it now would lose it.
        tokio::time::sleep(LAST_HEADS).await;
    }
    // What has not finished by then never will: its client does not read, or does not send.
    tokio::select! {
        () = graceful.shutdown() => {}
        () = end.passed() => {}
    }
    end
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: HttpLimits,
}

impl Connection {
    fn answer(
        self,
        graceful: &GracefulShutdown,
        connections: Gauge,
    ) -> impl Future<Output = ()> + use<> {
        let Self {
            stream,
            peer,
            router,
            limits,
        } = self;
        // Answers are written whole; waiting for more to send only makes them late.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write_patience()));
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let mut router = router.clone();
            async move {
                Ok::<Response, Infallible>(
                    router
                        .call(request)
                        .await
                        .unwrap_or_else(|never| match never {}),
                )
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle_patience())
            .max_buf_size(MOST_READ)
            .max_headers(MOST_FIELDS_READ)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = graceful.watch(connection);
        async move {
            connections.inc();
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
            connections.dec();
        }
    }
}

/// What a client did to its own connection is over; when the system is out of descriptors, waiting gets them back.
async fn wait_out(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(
        error.kind(),
        ConnectionRefused | ConnectionAborted | ConnectionReset
    ) {
        return;
    }
    tracing::error!(%error, "no connection could be taken");
    tokio::time::sleep(PAUSE).await;
}
