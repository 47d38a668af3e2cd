use std::{env, fs, path::Path};

#[test]
fn goes() {}

#[test]
fn flaky() {
    let ran = Path::new(&env::var("RETRY").unwrap()).join("ran");
    let before = ran.exists();
    fs::write(ran, "").unwrap();
    assert!(before, "not yet");
}

#[test]
fn fails() {
    panic!("again");
}
