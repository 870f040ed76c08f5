// Loaded before a server of npm: whatever it connects to is out of reach.
const { Socket } = require("node:net");

Socket.prototype.connect = function () {
  process.nextTick(() => this.destroy(Object.assign(new Error("no network in tests"), { code: "ENETUNREACH" })));
  return this;
};
