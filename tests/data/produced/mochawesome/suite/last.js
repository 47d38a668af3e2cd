it('throws at the end', () => { setTimeout(() => { throw new Error('behind the run'); }, 50); });
