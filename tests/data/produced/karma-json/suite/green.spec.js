it('adds', () => {});
