it('never ends', () => { for (;;) {} });
