test('is slow', () => new Promise(() => {}), 100);
