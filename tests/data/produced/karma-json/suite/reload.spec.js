it('leaves the page', (done) => { window.location.href = 'about:blank'; setTimeout(done, 500); });
