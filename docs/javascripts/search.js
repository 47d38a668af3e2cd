/* The search of the theme reads a dash before a word as "without this word", so it would find nothing for an
   option such as --fail-on. Two dashes before a word are removed from a query. One dash stays. */

(() => {
  const query = 2; // SearchMessageType.QUERY of Material for MkDocs 9
  const send = Worker.prototype.postMessage;

  Worker.prototype.postMessage = function (message, ...more) {
    if (message && message.type === query && typeof message.data === "string") {
      message = { ...message, data: message.data.replace(/(^|\s)--+(?=\w)/g, "$1") };
    }
    return send.call(this, message, ...more);
  };
})();
