//! What a file is, told by its first bytes: text, or something that is named and not opened.

/// Bytes that are looked at.
const HEAD: usize = 64 * 1024;

/// First bytes of archives and other containers (file(1)'s magic numbers).
const CONTAINERS: [(&[u8], &str); 18] = [
    (b"PK\x03\x04", "archive (zip)"),
    (b"PK\x05\x06", "archive (zip)"),
    (b"7z\xbc\xaf\x27\x1c", "archive (7z)"),
    (b"Rar!\x1a\x07", "archive (rar)"),
    (b"\x1f\x8b", "archive (gzip)"),
    (b"BZh", "archive (bzip2)"),
    (b"\xfd7zXZ\x00", "archive (xz)"),
    (b"\x28\xb5\x2f\xfd", "archive (zstd)"),
    (b"\x04\x22\x4d\x18", "archive (lz4)"),
    (b"MSCF\x00", "archive (cab)"),
    (b"%PDF-", "document (pdf)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document (ole)"),
    (b"SQLite format 3\x00", "database (sqlite)"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
];

/// What kind of file it is; `None` is text, in whatever charset.
pub(super) fn sealed(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, kind)) = CONTAINERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(kind);
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some("archive (tar)");
    }
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    (!utf16 && head.contains(&0)).then_some("binary")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_and_binaries_are_told_from_text() {
        let tar = [vec![b'a'; 257], b"ustar\x00".to_vec()].concat();
        let cases: [(&[u8], Option<&str>); 8] = [
            (b"PK\x03\x04rest", Some("archive (zip)")),
            (b"\x1f\x8b\x08", Some("archive (gzip)")),
            (&tar, Some("archive (tar)")),
            (b"a\x00b", Some("binary")),
            (b"\xff\xfea\x00b\x00", None),
            (b"BZ is no archive", None),
            (b"\xb5\xd8\xc7\xf8", None),
            (b"", None),
        ];
        for (bytes, kind) in cases {
            assert_eq!(sealed(bytes), kind, "{bytes:?}");
        }
    }
}
