//! The least that a server in axum can be.

use axum::Router;
use axum::routing::any;
use tokio::net::TcpListener;

use crate::Ended;

/// Greets at every address, whatever the method.
#[tokio::main]
pub async fn serve() -> Ended {
    listen(Router::new().fallback(any(|| async { "Hello, World!" }))).await
}

/// Listens at a free port of the loopback address, and says at which.
pub async fn listen(router: Router) -> Ended {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}
