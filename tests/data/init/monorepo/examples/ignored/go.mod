module example.com/ignored
