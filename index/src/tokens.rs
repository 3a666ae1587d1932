//! Text into tokens: words by script, CJK as overlapping pairs with positions.

use std::iter::Peekable;

use crate::fold::{FoldedChar, FoldedChars, Folding};
use crate::script::{Class, class};

/// A longer word is indexed as consecutive pieces of this many characters, so that a base64 blob
/// neither becomes one giant term nor stops being findable.
const MAX_WORD_CHARS: usize = 64;

/// What a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word of letters and digits.
    Word,
    /// Two adjacent CJK characters.
    Pair,
    /// The first or the last character of a CJK run of two or more.
    Edge,
    /// A CJK run of one character.
    Lone,
}

/// One token; `position` counts CJK characters and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) kind: Kind,
    pub(crate) position: usize,
    /// Byte range in the original text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// End, in the original text, of the token's first character.
    pub(crate) head_end: usize,
}

impl Token {
    pub(crate) fn empty() -> Self {
        Token { text: String::new(), kind: Kind::Word, position: 0, start: 0, end: 0, head_end: 0 }
    }

    fn set(&mut self, kind: Kind, position: usize, first: FoldedChar) {
        self.text.clear();
        self.text.push(first.c);
        self.kind = kind;
        self.position = position;
        self.start = first.start;
        self.end = first.end;
        self.head_end = first.end;
    }

    fn push(&mut self, next: FoldedChar) {
        self.text.push(next.c);
        self.end = next.end;
    }
}

/// Reads tokens from a text one after another into a buffer of the caller.
///
/// A CJK run of n characters takes n positions. Position i holds the pair (i, i+1); the first and
/// the last position also hold their single character. Therefore a run's text is found by the
/// phrase of its pairs and by nothing else.
pub(crate) struct Tokens<'a> {
    chars: Peekable<FoldedChars<'a>>,
    position: usize,
    in_run: bool,
    /// The pair that starts a run, still to be given after the run's first character.
    pair: Option<(FoldedChar, FoldedChar)>,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(folding: &'a Folding, text: &'a str) -> Self {
        Tokens { chars: folding.chars(text).peekable(), position: 0, in_run: false, pair: None }
    }

    /// Puts the next token into `out`; false at the end.
    pub(crate) fn advance(&mut self, out: &mut Token) -> bool {
        if let Some((first, second)) = self.pair.take() {
            out.set(Kind::Pair, self.position - 1, first);
            out.push(second);
            return true;
        }
        while let Some(folded) = self.chars.next() {
            match class(folded.c) {
                Class::Separator => {}
                Class::Cjk => self.cjk(folded, out),
                Class::Word => self.word(folded, out),
            }
            if class(folded.c) != Class::Separator {
                self.position += 1;
                return true;
            }
        }
        false
    }

    fn cjk(&mut self, first: FoldedChar, out: &mut Token) {
        let next = self.chars.peek().copied().filter(|next| class(next.c) == Class::Cjk);
        match (self.in_run, next) {
            (false, None) => out.set(Kind::Lone, self.position, first),
            (true, None) => out.set(Kind::Edge, self.position, first),
            (false, Some(second)) => {
                out.set(Kind::Edge, self.position, first);
                self.pair = Some((first, second));
            }
            (true, Some(second)) => {
                out.set(Kind::Pair, self.position, first);
                out.push(second);
            }
        }
        self.in_run = next.is_some();
    }

    fn word(&mut self, first: FoldedChar, out: &mut Token) {
        out.set(Kind::Word, self.position, first);
        for _ in 1..MAX_WORD_CHARS {
            let Some(next) = self.chars.next_if(|next| class(next.c) == Class::Word) else {
                break;
            };
            out.push(next);
        }
    }
}

/// The terms a query text becomes, each with its offset in the phrase. Edges are left out: inside a
/// longer run of a document they are not there.
pub(crate) fn query_terms(folding: &Folding, text: &str) -> Vec<(usize, Kind, String)> {
    let mut tokens = Tokens::new(folding, text);
    let mut token = Token::empty();
    let mut terms = Vec::new();
    while tokens.advance(&mut token) {
        if token.kind != Kind::Edge {
            terms.push((token.position, token.kind, token.text.clone()));
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(usize, String)> {
        let folding = Folding::default();
        let mut tokens = Tokens::new(&folding, text);
        let mut token = Token::empty();
        let mut found = Vec::new();
        while tokens.advance(&mut token) {
            found.push((token.position, token.text.clone()));
        }
        found
    }

    fn owned(expected: &[(usize, &str)]) -> Vec<(usize, String)> {
        expected.iter().map(|&(at, text)| (at, text.to_owned())).collect()
    }

    #[test]
    fn a_run_gives_pairs_and_its_edges() {
        let expected = [(0, "台"), (0, "台積"), (1, "積電"), (2, "電"), (3, "2tb")];
        assert_eq!(all("台積電2TB"), owned(&expected));
        assert_eq!(all("台"), owned(&[(0, "台")]));
        assert_eq!(all("台，積"), owned(&[(0, "台"), (1, "積")]));
    }

    #[test]
    fn words_split_on_everything_that_is_not_alphanumeric() {
        let expected = [(0, "bob"), (1, "mail"), (2, "example"), (3, "com")];
        assert_eq!(all("bob@Mail.example[.]com"), owned(&expected));
    }

    #[test]
    fn long_words_become_pieces() {
        let pieces = all(&"a".repeat(150));
        let lengths: Vec<_> = pieces.iter().map(|(_, text)| text.len()).collect();
        assert_eq!(lengths, [64, 64, 22]);
    }

    #[test]
    fn query_terms_leave_the_edges_out() {
        let terms = query_terms(&Folding::default(), "ADATA資料A股");
        let texts: Vec<_> = terms.iter().map(|(at, _, text)| (*at, text.as_str())).collect();
        assert_eq!(texts, [(0, "adata"), (1, "資料"), (3, "a"), (4, "股")]);
    }
}
