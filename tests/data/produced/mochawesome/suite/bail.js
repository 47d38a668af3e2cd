it('fails', () => { throw new Error('first'); });
it('never runs', () => {});
