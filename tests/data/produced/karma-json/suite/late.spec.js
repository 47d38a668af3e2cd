it('throws behind', () => { setTimeout(() => { throw new Error('behind the test'); }, 5); });
it('waits', (done) => { setTimeout(done, 100); });
