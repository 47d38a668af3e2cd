#[cfg(test)]
mod cart {
    #[test]
    fn adds() {
        println!("adding größe");
    }

    #[test]
    fn total() {
        assert_eq!(7, 8);
    }

    #[test]
    fn database() -> Result<(), String> {
        Err("no database".into())
    }

    #[test]
    #[ignore = "no printer"]
    fn prints() {}

    #[test]
    #[should_panic]
    fn panics() {}

    #[test]
    fn aborts() {
        std::process::abort();
    }

    #[test]
    fn exits() {
        std::process::exit(3);
    }

    #[test]
    fn leaves() {
        std::process::exit(0);
    }

    #[test]
    fn hangs() {
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
}
