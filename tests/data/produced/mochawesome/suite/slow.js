it('is slow', () => new Promise(() => {})).timeout(100);
