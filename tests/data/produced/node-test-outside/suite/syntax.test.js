test('adds', () => {
