//! Compressed copies beside the files they were made from.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use super::Quality;
use crate::repository;

/// Kinds of file that shrink; pictures and fonts are compressed in themselves.
const COMPRESSIBLE: [&str; 9] = [
    "css",
    "html",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// Compresses every file below a folder, with all processors.
pub fn beside_all(folder: &Path, quality: Quality) -> Result<()> {
    let files = repository::files_below(folder)?;
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let work = || -> Result<()> {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            beside(file, quality)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(anyhow::anyhow!("a compressing thread panicked")))
        })
    })
}

/// Writes `.br` and `.gz` beside a file that shrinks, and names what was written.
pub fn beside(file: &Path, quality: Quality) -> Result<Vec<PathBuf>> {
    let is_compressible = file
        .extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| COMPRESSIBLE.contains(&extension));
    if !is_compressible {
        return Ok(Vec::new());
    }
    let content = fs::read(file)?;
    let (brotli_file, gzip_file) = (
        file.with_added_extension("br"),
        file.with_added_extension("gz"),
    );
    super::write_whole(&brotli_file, &brotli(&content, quality)?)?;
    super::write_whole(&gzip_file, &gzip(&content, quality)?)?;
    Ok(vec![brotli_file, gzip_file])
}

fn brotli(mut content: &[u8], quality: Quality) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: match quality {
            Quality::Quick => 5,
            Quality::Best => 11,
        },
        lgwin: 22,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut content, &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8], quality: Quality) -> Result<Vec<u8>> {
    let level = match quality {
        Quality::Quick => Compression::fast(),
        Quality::Best => Compression::best(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_copies_hold_what_the_file_holds() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.css");
        let content = "a { color: red }".repeat(100);
        fs::write(&file, &content).unwrap();
        fs::write(folder.path().join("b.png"), "b").unwrap();
        beside_all(folder.path(), Quality::Quick).unwrap();
        let mut read = Vec::new();
        let mut compressed = fs::File::open(folder.path().join("a.css.br")).unwrap();
        brotli::BrotliDecompress(&mut compressed, &mut read).unwrap();
        assert_eq!(read, content.as_bytes());
        let mut read = String::new();
        let compressed = fs::File::open(folder.path().join("a.css.gz")).unwrap();
        flate2::read::GzDecoder::new(compressed)
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, content);
        assert!(!folder.path().join("b.png.br").exists());
    }
}
