class Shared:
    def test_shared(self):
        pass

    def test_shared_fails(self):
        assert False, "shared"
