//! Puts the front end into the binary: every file of `dist/` once plain, once by brotli and once by gzip,
//! with its ETag; and the CSP hashes of the page's inline scripts. In release it fails when the download
//! is over its budget. Without `dist/`, in debug, the page says how to build it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};

/// The most that a browser may download for a document and what it names (CSS, JS, WebAssembly, icon), in bytes by brotli.
const BUDGETS: [(&str, usize); 2] = [("/index.html", 180_000), ("/console.html", 320_000)];
const PLACEHOLDER: &str = "<!doctype html><html lang=\"en\"><title>{product}</title>\
    <p>The front end is not built. Run <code>make run</code>.</p><footer>{help}</footer></html>";

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("..");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let dist = root.join("dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if dist.join("index.html").exists() {
        collect(&dist, &dist, &mut files);
    } else {
        assert!(
            !is_release,
            "dist/ is missing: build the front end first, as `make run` does"
        );
        files.push(("/index.html".to_owned(), PLACEHOLDER.as_bytes().to_vec()));
    }
    files.sort();
    let mut code = format!("static FILES: [StaticFile; {}] = [\n", files.len());
    let mut sizes = Vec::new();
    for (index, (path, plain)) in files.iter().enumerate() {
        // What the operator sets is written into a document when the server starts, which compresses it then.
        let is_compressed = plain.len() >= 256 && !is_page(path);
        let stored = |suffix: &str, content: &[u8]| -> String {
            let file = out.join(format!("static-{index}{suffix}"));
            fs::write(&file, content).expect("OUT_DIR is writable");
            format!(
                "Bytes::from_static(include_bytes!({:?}))",
                file.display().to_string()
            )
        };
        let plain_bytes = stored("", plain);
        let (mut brotli_bytes, mut gzip_bytes) = ("None".to_owned(), "None".to_owned());
        if is_release && plain.len() >= 256 {
            let (small, large) = (brotli(plain), gzip(plain));
            sizes.push((path.as_str(), small.len()));
            if is_compressed {
                brotli_bytes = format!("Some({})", stored(".br", &small));
                gzip_bytes = format!("Some({})", stored(".gz", &large));
            }
        }
        let etag = format!("\"{}\"", &HEXLOWER.encode(&Sha256::digest(plain))[..16]);
        let _ = writeln!(
            code,
            "    StaticFile {{ path: {path:?}, content_type: {:?}, etag: HeaderValue::from_static({etag:?}), is_immutable: {}, \
             plain: {plain_bytes}, brotli: {brotli_bytes}, gzip: {gzip_bytes} }},",
            content_type(path),
            is_hashed(path),
        );
    }
    if is_release {
        check_budgets(&files, &sizes);
    }
    code.push_str("];\n\nstatic SCRIPT_HASHES: &[&str] = &[\n");
    for (path, page) in files.iter().filter(|(path, _)| is_page(path)) {
        check_marks(path, &String::from_utf8_lossy(page));
        for hash in inline_script_hashes(&String::from_utf8_lossy(page)) {
            let _ = writeln!(code, "    {hash:?},");
        }
    }
    code.push_str("];\n");
    fs::write(out.join("static_files.rs"), code).expect("OUT_DIR is writable");
}

/// Every document, with all that it names.
fn check_budgets(files: &[(String, Vec<u8>)], sizes: &[(&str, usize)]) {
    for (path, page) in files.iter().filter(|(path, _)| is_page(path)) {
        let page = String::from_utf8_lossy(page);
        let needed = |file: &str| file == path || page.contains(file);
        let needed = sizes.iter().filter(|(file, _)| needed(file));
        let download: usize = needed.map(|(_, size)| size).sum();
        let of_page = BUDGETS.iter().find(|(page, _)| page == path);
        let (_, budget) = of_page.expect("each document has a budget");
        assert!(
            download <= *budget,
            "the download for {path} is {download} bytes by brotli, over the budget of {budget}"
        );
    }
}

/// Where the operator's words come, which are escaped for text: an attribute may have lost its quotation marks.
fn check_marks(path: &str, page: &str) {
    assert!(
        page.contains("<title>{product}</title>"),
        "{path}: dist/ is not of this version; build the front end anew, as `make run` does"
    );
    let quoted = ["={product}", "=\"{product}", "={help}", "=\"{help}"];
    let in_attribute = quoted.iter().find(|mark| page.contains(**mark));
    assert_eq!(in_attribute, None, "{path}: a mark in an attribute");
}

fn is_page(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "html")
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("dist/ is readable") {
        let path = entry.expect("dist/ is readable").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .expect("below dist/")
                .display()
                .to_string();
            println!("cargo:rerun-if-changed={}", path.display());
            files.push((
                format!("/{name}"),
                fs::read(&path).expect("dist/ is readable"),
            ));
        }
    }
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut small = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*plain, &mut small, &params).expect("memory does not fail");
    small
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        other => panic!("no content type for .{other}: add it"),
    }
}

/// Trunk puts sixteen hex digits into the names of what it builds.
fn is_hashed(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .unwrap_or_default()
        .split(['-', '.', '_'])
        .any(|part| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Hashes of scripts without `src`, as CSP takes them (CSP Level 3 §2.3.1).
fn inline_script_hashes(page: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut rest = page;
    while let Some((_, tail)) = rest.split_once("<script") {
        let (attributes, tail) = tail.split_once('>').expect("a script tag ends");
        let (body, tail) = tail.split_once("</script>").expect("a script ends");
        if !attributes.contains("src=") {
            let digest = BASE64.encode(&Sha256::digest(body));
            hashes.push(format!("'sha256-{digest}'"));
        }
        rest = tail;
    }
    hashes
}
