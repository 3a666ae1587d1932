//! The published JSON Schema of the format, made from the types that read it.

use super::raw::Site;

/// The JSON Schema (draft 2020-12) of a site definition, for editors and for tools that write definitions.
///
/// # Errors
/// Never in practice: a schema is plain JSON.
pub fn json_schema() -> Result<String, serde_json::Error> {
    let mut schema = schemars::schema_for!(Site);
    schema.insert("$id".to_owned(), "https://nightheron.example/site.schema.json".into());
    serde_json::to_string_pretty(&schema).map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_is_up_to_date() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/site.schema.json");
        let made = json_schema().unwrap();
        if std::env::var_os("NIGHTHERON_WRITE_SCHEMA").is_some() {
            std::fs::write(file, &made).unwrap();
        }
        let published = std::fs::read_to_string(file).unwrap();
        assert!(published == made, "run this test with NIGHTHERON_WRITE_SCHEMA=1 and look at the difference");
    }

    #[test]
    fn unknown_keys_are_errors_in_the_schema_as_well() {
        let schema: serde_json::Value = serde_json::from_str(&json_schema().unwrap()).unwrap();
        assert_eq!(schema["additionalProperties"], false);
        assert_eq!(schema["$defs"]["Field"]["additionalProperties"], false);
        assert_eq!(schema["required"], serde_json::json!(["schema", "id", "name"]));
    }
}
