//! The loop that takes connections. It is ours because clients can be slow on purpose: each phase of a request has
//! its time, there is room for so many (`room`), and after the signal to stop a connection ends with the request it is at. docs/decisions/0017-operation.md

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::Service as _;

use super::head_limits::{MOST_FIELDS_READ, MOST_READ};
use super::pipeline::Arrival;
use super::room::{Guest, Room};
use settings::HttpLimits;

/// How long connections without a request are kept once no more are taken.
const LAST_HEADS: Duration = Duration::from_millis(100);
/// How long to wait when the system has no more connections to give.
const PAUSE: Duration = Duration::from_secs(1);

/// When everything that was begun must have ended.
pub struct DrainEnd(Pin<Box<Sleep>>);

impl DrainEnd {
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

/// Takes connections for which there is room until `stop` resolves, then lets the requests that have begun finish until
/// the deadline that it gave, which is given back.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: HttpLimits,
    room: Room,
    stop: impl Future<Output = DrainEnd>,
) -> DrainEnd {
    let leaving = CancellationToken::new();
    let mut stop = pin!(stop);
    let mut end = loop {
        tokio::select! {
            accepted = accept(&listener, &room) => match accepted {
                Ok((stream, peer, guest)) => {
                    let router = router.clone();
                    let one = Connection { stream, peer, router, limits, guest: Arc::new(guest) };
                    tokio::spawn(one.answer(leaving.clone()));
                }
                Err(error) => wait_out(&error).await,
            },
            end = &mut stop => break end,
        }
    };
    drop(listener);
    if !room.is_empty() {
        // A connection of this moment has its first request on the way; closing it now would lose it.
        tokio::time::sleep(LAST_HEADS).await;
    }
    leaving.cancel();
    // What has not finished by then never will: its client does not read, or does not send.
    tokio::select! {
        () = room.emptied() => {}
        () = end.passed() => {}
    }
    end
}

/// The next connection, once there is room for it. Only then is the one after it taken: those wait in the system's queue.
async fn accept(listener: &TcpListener, room: &Room) -> io::Result<(TcpStream, SocketAddr, Guest)> {
    let (stream, peer) = listener.accept().await?;
    let guest = room.enter().await;
    let guest = guest.ok_or(io::ErrorKind::ConnectionAborted)?;
    Ok((stream, peer, guest))
}

/// Bytes of an answer that the system holds before it has sent them.
#[cfg(target_os = "linux")]
const MOST_UNSENT: u32 = 64 * 1024;

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: HttpLimits,
    guest: Arc<Guest>,
}

impl Connection {
    async fn answer(self, leaving: CancellationToken) {
        let Self {
            stream,
            peer,
            router,
            limits,
            guest,
        } = self;
        prepare(&stream);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write_patience()));
        let working = guest.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            let guest = working.clone();
            let arrival = Arrival {
                peer,
                guest: guest.clone(),
            };
            request.extensions_mut().insert(ConnectInfo(arrival));
            let mut router = router.clone();
            async move {
                guest.begin_request();
                let answer = router.call(request).await;
                guest.end_request();
                answer
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle_patience())
            .max_buf_size(MOST_READ)
            .max_headers(MOST_FIELDS_READ)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        let mut connection = pin!(connection);
        let mut is_last = false;
        let ended = loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => break ended,
                // Nothing of it has been looked at: it has no answer to wait for.
                () = guest.asked_to_go.cancelled(), if !is_last && guest.is_fresh() => return,
                () = guest.asked_to_go.cancelled(), if !is_last => {}
                () = leaving.cancelled(), if !is_last => {}
            }
            is_last = true;
            connection.as_mut().graceful_shutdown();
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}

/// Sets how the system buffers what is written. It works without either.
fn prepare(stream: &TcpStream) {
    // Answers are written whole; waiting for more to send only makes them late.
    let _ = stream.set_nodelay(true);
    // Without a bound the system takes megabytes at once, and then nothing for as long as a slow line needs for a third of them:
    // the server would take a client for one that does not read. With it, room comes back every few seconds.
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream).set_tcp_notsent_lowat(MOST_UNSENT);
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_holds_little_that_is_not_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stream, _) = tokio::try_join!(TcpStream::connect(address), listener.accept()).unwrap();
        prepare(&stream);
        let unsent = socket2::SockRef::from(&stream).tcp_notsent_lowat();
        assert_eq!(unsent.unwrap(), MOST_UNSENT);
        assert!(stream.nodelay().unwrap());
    }
}
