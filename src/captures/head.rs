//! An archived HTTP response, taken apart again.

/// Most header lines a response may have; the network planes allow fewer.
const MAX_HEADERS: usize = 256;

/// Status, headers and body of an archived response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Header lines as archived.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, still content-encoded.
    pub body: Vec<u8>,
}

impl Response {
    /// Takes the block of a record apart.
    ///
    /// # Errors
    /// A sentence when the block does not begin with an HTTP response.
    pub fn parse(block: &[u8]) -> Result<Self, String> {
        let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Response::new(&mut lines);
        match head.parse(block) {
            Ok(httparse::Status::Complete(length)) => Ok(Self {
                status: head.code.unwrap_or_default(),
                headers: head.headers.iter().map(|h| (h.name.to_owned(), h.value.to_vec())).collect(),
                body: block[length..].to_vec(),
            }),
            Ok(httparse::Status::Partial) => Err("the archived response has no end of its header".into()),
            Err(error) => Err(format!("the archived response cannot be read: {error}")),
        }
    }

    /// The values of a header, joined by commas; the name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let values = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.map(|(_, value)| String::from_utf8_lossy(value)).collect::<Vec<_>>().join(",")
    }
}
