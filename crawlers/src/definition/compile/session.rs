//! Login: merged over the layers key by key, so that the base of an engine may say where its form is.

use std::collections::BTreeMap;

use super::{
    super::{
        Proof,
        raw::{self, Method, Text},
        session::{FormInput, FormLogin, Session, SessionMethod},
    },
    Compiler, Layers, first,
};

/// Names of inputs that hold a secret.
const SECRET_NAMES: [&str; 4] = ["pass", "pwd", "secret", "pin"];

/// Whether what has this name is a secret, and so must not be written down.
pub(super) fn is_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| lower.contains(part))
}

fn fills_in(inputs: &BTreeMap<String, FormInput>) -> bool {
    [FormInput::User, FormInput::Password].iter().all(|needed| inputs.values().any(|input| input == needed))
}

impl Compiler {
    /// The session; `None` for a site that is read as a guest.
    pub(super) fn session(&mut self, layers: &Layers) -> Option<Session> {
        let method = first(layers, |s| s.session.as_ref()?.method.as_ref());
        // All of it is checked, also where a nearer layer asks for no login.
        let form = self.form(layers);
        let script = self.script(layers, &form);
        let logged_in = self.session_proof(layers, |s| s.logged_in.as_ref());
        let second_factor = self.session_proof(layers, |s| s.second_factor.as_ref());
        let credentials = first(layers, |s| s.session.as_ref()?.credentials.as_ref());
        let (file, method) = method.filter(|(_, method)| method.value != Method::None)?;
        let missing = |there: bool, key, what| (!there).then_some((key, what));
        let mut needed =
            vec![missing(logged_in.is_some(), "logged_in", "a selector that picks something only a member is shown")];
        if method.value != Method::Cookie {
            let what = "the name under which the operator keeps user and password";
            needed.push(missing(credentials.is_some(), "credentials", what));
        }
        match method.value {
            Method::Form => {
                needed.push(missing(!form.path.is_empty(), "path", "the path of the page with the login form"));
            }
            Method::Script => {
                needed.push(missing(!script.post.is_empty(), "post", "the path that the script sends the password to"));
                let what = "names for \"{{ secret.user }}\" and \"{{ secret.password }}\"";
                needed.push(missing(fills_in(&script.inputs), "inputs", what));
            }
            Method::Cookie | Method::None => {}
        }
        for (key, what) in needed.into_iter().flatten() {
            self.wrong(file, method.referenced, format!("this login needs `session.{key}`: {what}"));
        }
        Some(Session {
            method: match method.value {
                Method::Form => SessionMethod::Form(form),
                Method::Script => SessionMethod::Script(script),
                Method::Cookie | Method::None => SessionMethod::Cookie,
            },
            credentials: credentials.map(|(_, name)| name.value.clone()),
            logged_in: logged_in?,
            second_factor,
        })
    }

    fn session_proof(
        &mut self, layers: &Layers, pick: fn(&raw::Session) -> Option<&serde_saphyr::Spanned<raw::Proof>>,
    ) -> Option<Proof> {
        let (file, proof) = first(layers, |s| s.session.as_ref().and_then(pick))?;
        self.proof(file, proof.referenced, proof.value.selector.as_ref(), proof.value.regex.as_ref())
    }

    fn form(&mut self, layers: &Layers) -> FormLogin {
        let path = first(layers, |s| s.session.as_ref()?.path.clone()).map_or_else(String::new, |(_, path)| path);
        let form = first(layers, |s| s.session.as_ref()?.form.as_ref());
        let form = form.and_then(|(file, text)| self.selector(file, text));
        let inputs = first(layers, |s| s.session.as_ref().map(|s| &s.inputs).filter(|inputs| !inputs.is_empty()));
        let inputs = inputs.map_or_else(BTreeMap::new, |(file, inputs)| {
            let read = inputs.iter().filter_map(|(name, text)| Some((name.clone(), self.input(file, name, text)?)));
            read.collect()
        });
        let lifted = self.lifted(layers, |s| &s.selector_inputs);
        FormLogin { path, form, inputs, lifted }
    }

    fn input(&mut self, file: &str, name: &str, text: &Text) -> Option<FormInput> {
        match text.value.split_whitespace().collect::<String>().as_str() {
            "{{secret.user}}" => return Some(FormInput::User),
            "{{secret.password}}" => return Some(FormInput::Password),
            _ => {}
        }
        if is_secret(name) {
            let message = format!("`{name}` must not stand in a definition; write \"{{{{ secret.password }}}}\"");
            self.wrong(file, text.referenced, message);
            return None;
        }
        if text.value.contains("{{") {
            let message =
                "only \"{{ secret.user }}\" and \"{{ secret.password }}\" are filled in, each as the whole text";
            self.wrong(file, text.referenced, message);
            return None;
        }
        Some(FormInput::Text(text.value.clone()))
    }
}
