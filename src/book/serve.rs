//! A small server of the built book, for this machine only.

use std::path::{Component, Path, PathBuf};

use tiny_http::{Header, Response, Server};

/// Serves `folder` on 127.0.0.1 until the process ends.
///
/// Errors: the reason, when the port is taken.
pub fn serve(folder: &Path, port: u16) -> Result<(), String> {
    let server = Server::http(("127.0.0.1", port)).map_err(|why| why.to_string())?;
    for request in server.incoming_requests() {
        let file = inside(folder, request.url());
        let answered = match std::fs::read(&file) {
            Ok(bytes) => {
                let kind = format!("Content-Type: {}", content_type(&file));
                let header = kind.parse::<Header>();
                let response = Response::from_data(bytes);
                request.respond(match header {
                    Ok(header) => response.with_header(header),
                    Err(()) => response,
                })
            }
            Err(_) => request.respond(Response::from_string("404").with_status_code(404)),
        };
        // A reader who went away is no trouble.
        drop(answered);
    }
    Ok(())
}

/// The file of an address; never one outside the folder.
fn inside(folder: &Path, url: &str) -> PathBuf {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let safe = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let file = if safe { folder.join(path) } else { folder.to_owned() };
    if file.is_dir() { file.join("index.html") } else { file }
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leads_out_of_the_folder() {
        let folder = Path::new("kitap");
        assert_eq!(
            inside(folder, "/../../secret"),
            folder.join("index.html").parent().expect("a folder")
        );
        assert_eq!(inside(folder, "/a.html?x#y"), folder.join("a.html"));
    }
}
