use std::path::Path;

#[test]
fn goes() {}

#[test]
fn fails() {
    panic!("always");
}

#[test]
fn flaky() {
    let mark = Path::new(&std::env::var("RETRY").unwrap()).join("flaky");
    let first = !mark.exists();
    std::fs::write(mark, "").unwrap();
    assert!(!first, "the first time");
}
