//! The one home of decompression: content codings of HTTP, bounded in size and ratio.

use std::io::{self, Read};

use super::limits::Limits;

/// Why a body could not be decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// A content coding outside gzip, deflate, br and zstd.
    #[error("unknown content encoding {0:?}")]
    Unknown(String),
    /// More codings on top of one another than any server has reason to use.
    #[error("{0} content encodings on top of one another, more than {MAX_LAYERS}")]
    TooManyLayers(usize),
    /// The bytes do not decode.
    #[error("broken {coding} data")]
    Broken {
        /// The content coding.
        coding: &'static str,
        /// What the decoder said.
        source: io::Error,
    },
    /// The decoded body exceeds [`Limits::max_decoded`].
    #[error("more than {limit} bytes after decoding")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The decoded body exceeds [`Limits::max_ratio`].
    #[error("more than {limit} times as large after decoding")]
    Ratio {
        /// The limit, decoded over received.
        limit: usize,
    },
}

const MAX_LAYERS: usize = 3;

/// Below this size the ratio says nothing about intent.
const RATIO_FLOOR: usize = 1 << 20;

/// RFC 9659 bounds the window of zstd in HTTP to 8 MiB.
const ZSTD_WINDOW_LOG: u32 = 23;

/// Undoes the content codings of a body; `codings` is the value of `Content-Encoding`, possibly a list.
///
/// # Errors
/// [`DecodeError`]; nothing of a body that breaks a limit or a format is returned.
pub fn decode(codings: &str, body: &[u8], limits: &Limits) -> Result<Vec<u8>, DecodeError> {
    let layers = codings
        .split(',')
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .map(|coding| Coding::from_name(&coding).ok_or(DecodeError::Unknown(coding)))
        .collect::<Result<Vec<_>, _>>()?;
    if layers.len() > MAX_LAYERS {
        return Err(DecodeError::TooManyLayers(layers.len()));
    }
    let cap = Cap { bytes: limits.max_decoded, ratio: limits.max_ratio, received: body.len() };
    let Some((outermost, inner)) = layers.split_last() else {
        cap.check(body.len())?;
        return Ok(body.to_vec());
    };
    // Answers to HEAD, 304 and many redirects name a coding and have no body.
    if body.is_empty() {
        return Ok(Vec::new());
    }
    let mut decoded = outermost.undo(body, &cap)?;
    for coding in inner.iter().rev() {
        decoded = coding.undo(&decoded, &cap)?;
    }
    Ok(decoded)
}

struct Cap {
    bytes: usize,
    ratio: usize,
    received: usize,
}

impl Cap {
    fn check(&self, decoded: usize) -> Result<(), DecodeError> {
        if decoded > self.bytes {
            return Err(DecodeError::TooLarge { limit: self.bytes });
        }
        if decoded > RATIO_FLOOR && decoded > self.received.saturating_mul(self.ratio) {
            return Err(DecodeError::Ratio { limit: self.ratio });
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    fn undo(self, body: &[u8], cap: &Cap) -> Result<Vec<u8>, DecodeError> {
        let broken = |source| DecodeError::Broken { coding: self.name(), source };
        match self {
            Self::Gzip => drain(flate2::bufread::MultiGzDecoder::new(body), cap, broken),
            Self::Deflate if is_zlib(body) => drain(flate2::bufread::ZlibDecoder::new(body), cap, broken),
            Self::Deflate => drain(flate2::bufread::DeflateDecoder::new(body), cap, broken),
            Self::Brotli => drain(brotli::Decompressor::new(body, CHUNK), cap, broken),
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(broken)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(broken)?;
                drain(decoder, cap, broken)
            }
        }
    }
}

/// Old servers send raw deflate data where RFC 9110 asks for the zlib format; the header of RFC 1950 tells them apart.
fn is_zlib(body: &[u8]) -> bool {
    match body {
        [cmf, flags, ..] => cmf & 0x0f == 8 && (u16::from(*cmf) << 8 | u16::from(*flags)).is_multiple_of(31),
        _ => false,
    }
}

const CHUNK: usize = 16 << 10;

/// Reads a decoder to its end in steps, so that a limit is noticed at most one step late.
fn drain(mut decoder: impl Read, cap: &Cap, broken: impl Fn(io::Error) -> DecodeError) -> Result<Vec<u8>, DecodeError> {
    let mut decoded = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match decoder.read(&mut chunk) {
            Ok(0) => return Ok(decoded),
            Ok(read) => {
                decoded.extend_from_slice(chunk.get(..read).unwrap_or_default());
                cap.check(decoded.len())?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(broken(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(plain: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn raw_deflate(plain: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn brotli(plain: &[u8]) -> Vec<u8> {
        let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
        encoder.write_all(plain).unwrap();
        encoder.into_inner()
    }

    fn zstd(plain: &[u8]) -> Vec<u8> {
        zstd::encode_all(plain, 3).unwrap()
    }

    type Encoder = fn(&[u8]) -> Vec<u8>;
    const ENCODERS: [(&str, Encoder); 6] =
        [("gzip", gzip), ("X-GZip", gzip), ("deflate", zlib), ("deflate", raw_deflate), ("br", brotli), ("zstd", zstd)];

    #[test]
    fn each_coding_comes_back() {
        let plain = "討論區 – thread – ветка ".repeat(100).into_bytes();
        for (name, encode) in ENCODERS {
            let decoded = decode(name, &encode(&plain), &Limits::default()).unwrap();
            assert_eq!(decoded, plain, "{name}");
            assert_eq!(decode(name, b"", &Limits::default()).unwrap(), b"");
        }
        assert_eq!(decode("", b"x", &Limits::default()).unwrap(), b"x");
        assert_eq!(decode("identity", b"x", &Limits::default()).unwrap(), b"x");
    }

    #[test]
    fn codings_are_undone_from_the_last_to_the_first() {
        let body = brotli(&gzip(b"inside"));
        let decoded = decode("gzip, br", &body, &Limits::default()).unwrap();
        assert_eq!(decoded, b"inside");
        let error = decode("gzip,gzip,gzip,gzip", b"x", &Limits::default()).unwrap_err();
        assert!(matches!(error, DecodeError::TooManyLayers(4)));
    }

    #[test]
    fn a_bomb_stops_at_the_size_limit() {
        let zeros = vec![0; 3 << 20];
        let limits = Limits { max_decoded: 2 << 20, max_ratio: usize::MAX, ..Limits::default() };
        for (name, encode) in ENCODERS {
            let error = decode(name, &encode(&zeros), &limits).unwrap_err();
            assert!(matches!(error, DecodeError::TooLarge { limit } if limit == 2 << 20), "{name}: {error}");
        }
        let error = decode("", &zeros, &limits).unwrap_err();
        assert!(matches!(error, DecodeError::TooLarge { .. }));
    }

    #[test]
    fn a_bomb_stops_at_the_ratio_limit_which_small_pages_may_exceed() {
        let limits = Limits::default();
        for (name, encode) in ENCODERS {
            let error = decode(name, &encode(&vec![0; 8 << 20]), &limits).unwrap_err();
            assert!(matches!(error, DecodeError::Ratio { limit: 200 }), "{name}: {error}");
            assert!(decode(name, &encode(&vec![b' '; 1 << 20]), &limits).is_ok());
        }
    }

    #[test]
    fn a_bomb_inside_a_bomb_is_measured_by_what_was_received() {
        let body = gzip(&gzip(&vec![0; 8 << 20]));
        let error = decode("gzip, gzip", &body, &Limits::default()).unwrap_err();
        assert!(matches!(error, DecodeError::Ratio { .. }));
    }

    #[test]
    fn broken_data_and_unknown_codings_are_named() {
        for (name, encode) in ENCODERS {
            let mut body = encode(b"some text that is long enough to be cut in the middle");
            body.truncate(body.len() / 2);
            let error = decode(name, &body, &Limits::default()).unwrap_err();
            assert!(matches!(error, DecodeError::Broken { .. }), "{name}: {error}");
        }
        let error = decode("compress", b"x", &Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "unknown content encoding \"compress\"");
    }

    #[test]
    fn a_zstd_window_beyond_rfc_9659_is_refused() {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(24).unwrap();
        encoder.include_contentsize(false).unwrap();
        encoder.write_all(&vec![7; 20 << 20]).unwrap();
        let body = encoder.finish().unwrap();
        let error = decode("zstd", &body, &Limits::default()).unwrap_err();
        assert!(matches!(error, DecodeError::Broken { coding: "zstd", .. }));
    }
}
