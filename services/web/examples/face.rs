//! The pages by themselves, in front of an API that runs elsewhere:
//! `cargo run -p plaudit-web --example face -- --api http://127.0.0.1:8080`.

use std::net::SocketAddr;

use clap::Parser;
use plaudit_web::{Way, WebConfig, router};

#[derive(Parser)]
struct Options {
    /// The public address.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    api: String,
    /// Where to answer.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let options = Options::parse();
    let listener = tokio::net::TcpListener::bind(options.listen).await?;
    println!("The pages answer at http://{}", listener.local_addr()?);
    axum::serve(listener, router(WebConfig { api: Way::there(&options.api) })).await
}
