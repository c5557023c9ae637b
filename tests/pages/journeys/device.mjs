// Somebody's phone as a keeper of passkeys: a virtual authenticator of the
// browser, which belongs to one tab and is carried on to the next.

const KIND = {
  protocol: "ctap2",
  transport: "internal",
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
};

export class Device {
  // At hand in this tab, with all that it holds.
  async at(page) {
    const held = this.tab ? await this.holds() : [];
    await this.tab?.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: this.id });
    this.tab = await page.context().newCDPSession(page);
    await this.tab.send("WebAuthn.enable");
    ({ authenticatorId: this.id } = await this.tab.send("WebAuthn.addVirtualAuthenticator", { options: KIND }));
    for (const credential of held) await this.tab.send("WebAuthn.addCredential", { authenticatorId: this.id, credential });
  }

  async holds() {
    return (await this.tab.send("WebAuthn.getCredentials", { authenticatorId: this.id })).credentials;
  }

  // Whether its owner is there to unlock it.
  async unlocks(isUserVerified) {
    await this.tab.send("WebAuthn.setUserVerified", { authenticatorId: this.id, isUserVerified });
  }
}
