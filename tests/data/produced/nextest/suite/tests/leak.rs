#[test]
fn leaks() {
    std::process::Command::new("sleep").arg("5").spawn().unwrap();
}
