//! The tokenizers as the search engine wants them.

use tantivy::tokenizer::{Token as EngineToken, TokenStream, Tokenizer, TokenizerManager};

use crate::fold::Folding;
use crate::tokens::{Token, Tokens};

/// Name of the tokenizer of running text; part of the schema on disk.
pub(crate) const TEXT: &str = "nightheron_text";
/// Name of the tokenizer of identifiers; part of the schema on disk.
pub(crate) const KEY: &str = "nightheron_key";

/// The tokenizers the schema names.
pub(crate) fn tokenizers(folding: &Folding) -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(TEXT, TextTokenizer(folding.clone()));
    manager.register(KEY, KeyTokenizer(folding.clone()));
    manager
}

#[derive(Clone)]
struct TextTokenizer(Folding);

impl Tokenizer for TextTokenizer {
    type TokenStream<'a> = TextStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TextStream<'a> {
        TextStream { tokens: Tokens::new(&self.0, text), buffer: Token::empty(), token: EngineToken::default() }
    }
}

struct TextStream<'a> {
    tokens: Tokens<'a>,
    buffer: Token,
    token: EngineToken,
}

impl TokenStream for TextStream<'_> {
    fn advance(&mut self) -> bool {
        if !self.tokens.advance(&mut self.buffer) {
            return false;
        }
        self.token.position = self.buffer.position;
        self.token.offset_from = self.buffer.start;
        self.token.offset_to = self.buffer.end;
        std::mem::swap(&mut self.token.text, &mut self.buffer.text);
        true
    }

    fn token(&self) -> &EngineToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        &mut self.token
    }
}

/// The whole value as one term.
#[derive(Clone)]
struct KeyTokenizer(Folding);

impl Tokenizer for KeyTokenizer {
    type TokenStream<'a> = KeyStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> KeyStream {
        KeyStream {
            given: false,
            token: EngineToken {
                offset_to: text.len(),
                position: 0,
                text: self.0.whole(text),
                ..EngineToken::default()
            },
        }
    }
}

struct KeyStream {
    given: bool,
    token: EngineToken,
}

impl TokenStream for KeyStream {
    fn advance(&mut self) -> bool {
        !std::mem::replace(&mut self.given, true)
    }

    fn token(&self) -> &EngineToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        &mut self.token
    }
}
