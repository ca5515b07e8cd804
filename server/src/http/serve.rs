//! The loop that takes connections. It is ours because clients can be slow on purpose: each phase of a request has
//! its time, there is room for so many (`room`), and after the signal to stop a connection ends with the request it is at. docs/decisions/0017-operation.md

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use hyper::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
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
                guest.begin_answer();
                answer.map(|answer| answer.map(|body| AnswerBody { body, guest }))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle_patience())
            .max_buf_size(MOST_READ)
            .max_headers(MOST_FIELDS_READ)
            .serve_connection(
                TokioIo::new(CountedStream {
                    stream: Box::pin(stream),
                    guest: guest.clone(),
                }),
                service,
            );
        let mut connection = pin!(connection);
        let mut is_last = false;
        let ended = loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => break ended,
                () = guest.cut.cancelled() => return,
                // Nothing of it has been looked at: it has no answer to wait for. A request may have come since it was asked.
                () = guest.asked_to_go.cancelled(), if !is_last => if guest.is_fresh() {
                    return;
                },
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

/// The body of an answer, which says when nothing is added to it any more.
struct AnswerBody {
    body: Body,
    guest: Arc<Guest>,
}

impl hyper::body::Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        self.guest.answer_is_whole();
    }
}

/// A connection that counts what the system has taken of it. hyper flushes when it has written all that it has.
struct CountedStream {
    stream: Pin<Box<TimeoutStream<TcpStream>>>,
    guest: Arc<Guest>,
}

impl CountedStream {
    fn count(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = written {
            self.guest.has_taken(bytes);
        }
        written
    }
}

impl AsyncRead for CountedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_read(context, bytes)
    }
}

impl AsyncWrite for CountedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream.as_mut().poll_write(context, bytes);
        self.count(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream.as_mut().poll_write_vectored(context, bytes);
        self.count(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = self.stream.as_mut().poll_flush(context);
        if matches!(flushed, Poll::Ready(Ok(()))) {
            self.guest.is_sent();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(context)
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

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use prometheus_client::metrics::gauge::Gauge;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const LARGE: usize = 8 * 1024 * 1024;

    /// A server for one connection at a time, whose large answer no buffer of the system holds.
    async fn small() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/large", get(async || vec![b'x'; LARGE]))
            .route("/small", get(async || "ok"));
        let room = Room::new(1, Gauge::default());
        let never = std::future::pending();
        let limits = settings::Settings::default().http;
        tokio::spawn(serve(listener, router, limits, room, never));
        address
    }

    async fn ask(address: SocketAddr, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn read_to(stream: &mut TcpStream, end: &[u8]) -> Vec<u8> {
        let mut read = Vec::new();
        while !read.ends_with(end) {
            assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0, "cut off");
        }
        read
    }

    /// Found by an attack: an answer on its way is sent to its end, whoever comes meanwhile, who is answered after it.
    #[tokio::test]
    async fn an_answer_on_its_way_is_sent_to_its_end() {
        let address = small().await;
        let mut first = ask(address, "/large").await;
        let mut begun = vec![0; 1024];
        first.read_exact(&mut begun).await.unwrap();
        let mut second = ask(address, "/small").await;
        let mut rest = Vec::new();
        // The connection is asked to go, and goes after the answer.
        first.read_to_end(&mut rest).await.unwrap();
        let whole = [begun, rest].concat();
        assert!(whole.ends_with(&vec![b'x'; LARGE]), "{}", whole.len());
        read_to(&mut second, b"ok").await;
        // Between two requests it gives way.
        read_to(&mut ask(address, "/small").await, b"ok").await;
        assert_eq!(second.read(&mut [0; 16]).await.unwrap(), 0);
    }

    #[cfg(target_os = "linux")]
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
