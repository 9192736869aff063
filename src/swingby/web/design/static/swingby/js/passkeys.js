// Asks the browser for a passkey where a form says data-passkey, and says plainly what to do where that fails.
// Without this file the forms do nothing and the words in <noscript> stand in their place.
(() => {
  const bytes = (text) => {
    const plain = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
  };
  const words = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const made = async ({ publicKey }) => {
    const asked = { ...publicKey, challenge: bytes(publicKey.challenge), excludeCredentials: listed(publicKey.excludeCredentials) };
    asked.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
    // It stands for a password and a second factor: it is found without a name, and asks for finger, face or PIN.
    const wanted = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
    asked.authenticatorSelection = { ...publicKey.authenticatorSelection, ...wanted };
    const key = await navigator.credentials.create({ publicKey: asked });
    const { attestationObject, clientDataJSON } = key.response;
    return said(key, { attestationObject: words(attestationObject), clientDataJSON: words(clientDataJSON) });
  };
  const shown = async ({ publicKey }) => {
    const asked = { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials) };
    const key = await navigator.credentials.get({ publicKey: asked });
    const { authenticatorData, clientDataJSON, signature, userHandle } = key.response;
    const answer = { authenticatorData, clientDataJSON, signature, ...(userHandle ? { userHandle } : {}) };
    return said(key, Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, words(value)])));
  };
  const said = (key, response) => ({
    id: key.id, rawId: words(key.rawId), type: key.type, response, clientExtensionResults: key.getClientExtensionResults(),
  });

  const optionsOf = async (form) => {
    const kept = document.getElementById("passkey-options");
    if (kept) return JSON.parse(kept.textContent);
    const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
    const answer = await fetch(form.action, { headers });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options;
  };

  const tell = (form, reason) => {
    const all = [...form.querySelectorAll("[data-passkey-problem]")];
    const known = all.some((each) => each.dataset.passkeyProblem === reason) ? reason : "other";
    for (const each of all) each.hidden = each.dataset.passkeyProblem !== known;
  };

  const asked = async (event) => {
    event.preventDefault();
    const form = event.target;
    try {
      const options = await optionsOf(form);
      const act = form.dataset.passkey === "make" ? made(options.creation_options || options) : shown(options.request_options || options);
      form.elements.credential.value = JSON.stringify(await act);
      form.submit();
    } catch (problem) {
      tell(form, problem.name);
    }
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (window.isSecureContext && window.PublicKeyCredential) {
      form.addEventListener("submit", asked);
    } else {
      form.querySelector("button").hidden = true;
      tell(form, "none");
    }
  }
})();
