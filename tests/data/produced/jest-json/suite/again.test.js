jest.retryTimes(1);
let tries = 0;
test('at last', () => { tries += 1; expect(tries).toBe(2); });
test('never', () => { expect(1).toBe(2); });
