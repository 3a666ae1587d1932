//! The house rules as functions from a file's text to what breaks them.

use proc_macro2::{TokenStream, TokenTree};
use syn::{spanned::Spanned as _, visit::Visit};

/// The longest file, in lines.
pub(super) const FILE_LINES: usize = 500;
/// The longest function, in lines that are neither blank nor comment alone.
pub(super) const FUNCTION_LINES: usize = 80;

/// A file that should be split.
pub(super) fn long_file(text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > FILE_LINES).then(|| format!("{lines} lines: split it, {FILE_LINES} are the most"))
}

/// Functions that should be split.
pub(super) fn long_functions(text: &str) -> Vec<String> {
    let file = match syn::parse_file(text) {
        Ok(file) => file,
        Err(error) => return vec![format!("cannot be parsed: {error}")],
    };
    let mut seen = Functions { lines: text.lines().collect(), long: Vec::new() };
    seen.visit_file(&file);
    seen.long
}

struct Functions<'a> {
    lines: Vec<&'a str>,
    long: Vec<String>,
}

impl Functions<'_> {
    fn measure(&mut self, name: &syn::Ident, body: &syn::Block) {
        let (first, last) = (body.span().start().line, body.span().end().line);
        let of_code = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        let code = self.lines[first - 1..last].iter().filter(of_code).count();
        if code > FUNCTION_LINES {
            self.long.push(format!("line {first}: `{name}` has {code} lines of code, {FUNCTION_LINES} are the most"));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig.ident, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig.ident, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.measure(&function.sig.ident, body);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

/// A module that does not say in its first line what it is for.
pub(super) fn untitled(text: &str) -> Option<String> {
    let first = text.lines().next().unwrap_or_default();
    let says = first.strip_prefix("//! ").is_some_and(|words| words.split_whitespace().count() >= 2);
    let included = first.starts_with("#![doc = include_str!(");
    (!says && !included).then(|| "line 1: must begin with `//!` and a sentence about the module".to_owned())
}

/// Work left undone.
pub(super) fn unfinished(text: &str) -> Vec<String> {
    // In two parts, so that this file does not break its own rule.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("unimpl", "emented!"), concat!("to", "do!")];
    let mut found = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        found.extend(words.iter().filter(|w| text.contains(*w)).map(|w| format!("line {line}: {w}")));
    }
    found
}

/// Identifiers in code (not in comments or strings) that are among `banned`.
pub(super) fn names(text: &str, banned: &[&str]) -> Vec<String> {
    fn walk(tokens: TokenStream, banned: &[&str], found: &mut Vec<String>) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) if banned.iter().any(|b| name == b) => {
                    found.push(format!("line {}: names {name}", name.span().start().line));
                }
                TokenTree::Group(group) => walk(group.stream(), banned, found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    match text.parse() {
        Ok(tokens) => walk(tokens, banned, &mut found),
        Err(error) => found.push(format!("cannot be read: {error}")),
    }
    found
}

/// Every path of a file that starts at `crate`, or climbs there by `super`, as segments from the crate's root.
/// `module` is the file's own path of modules.
pub(super) fn crate_paths(text: &str, module: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let tokens: TokenStream = text.parse().expect("a file that compiles");
    roots(tokens, module, &mut found);
    found
}

fn roots(tokens: TokenStream, module: &[&str], found: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let inside = at >= 2 && is_colons(&tokens, at - 2);
        match token {
            TokenTree::Ident(name) if name == "crate" && is_colons(&tokens, at + 1) => {
                follow(&tokens, at + 3, Vec::new(), found);
            }
            TokenTree::Ident(name) if name == "super" && !inside => {
                let (mut next, mut depth) = (at, 0);
                while matches!(&tokens.get(next), Some(TokenTree::Ident(n)) if *n == "super")
                    && is_colons(&tokens, next + 1)
                {
                    (next, depth) = (next + 3, depth + 1);
                }
                let stem = &module[..module.len().saturating_sub(depth)];
                follow(&tokens, next, stem.iter().map(|&s| s.to_owned()).collect(), found);
            }
            TokenTree::Group(group) => roots(group.stream(), module, found),
            _ => {}
        }
    }
}

fn follow(tokens: &[TokenTree], at: usize, mut stem: Vec<String>, found: &mut Vec<Vec<String>>) {
    match tokens.get(at) {
        Some(TokenTree::Ident(name)) => {
            stem.push(name.to_string());
            if is_colons(tokens, at + 1) { follow(tokens, at + 3, stem, found) } else { found.push(stem) }
        }
        Some(TokenTree::Group(group)) => {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            let comma = |t: &TokenTree| matches!(t, TokenTree::Punct(p) if p.as_char() == ',');
            for part in tokens.split(comma).filter(|p| !p.is_empty()) {
                follow(part, 0, stem.clone(), found);
            }
        }
        _ => found.push(stem),
    }
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |t: Option<&TokenTree>| matches!(t, Some(TokenTree::Punct(p)) if p.as_char() == ':');
    colon(tokens.get(at)) && colon(tokens.get(at + 1))
}

/// Packages that a manifest takes and may not take, in any of its tables of dependencies.
pub(super) fn takes(manifest: &str, banned: &[&str]) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().expect("a manifest");
    let mut found = Vec::new();
    for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let names = manifest.get(table).and_then(|t| t.as_table()).into_iter().flat_map(toml::Table::keys);
        found.extend(names.filter(|n| banned.contains(&n.as_str())).map(|n| format!("[{table}] takes {n}")));
    }
    found
}

/// The paths that the section `## Code map` of a text names, one at the head of each of its points.
pub(super) fn code_map(text: &str) -> Result<Vec<String>, String> {
    let (_, after) = text.split_once("\n## Code map\n").ok_or("has no section `## Code map`")?;
    let section = after.split("\n## ").next().unwrap_or(after);
    let path = |line: &str| Some(line.strip_prefix("- `")?.split_once('`')?.0.to_owned());
    let paths: Vec<String> = section.lines().filter_map(path).collect();
    if paths.is_empty() {
        Err("its `## Code map` names no path: begin the lines by \"- `path`\"".into())
    } else {
        Ok(paths)
    }
}
