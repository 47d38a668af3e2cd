test('adds', () => { expect(1).toMatchSnapshot(); });
