// An independent verifier of Open Badges 3.0 as VC-JWT, with what comes with Node and nothing of Swingby.
// Standard input: {"badge": "...", "web": {url: text}, "now": seconds}. Standard output: {"valid": true} or {"valid": false, "why": "..."}.
import { createPublicKey, verify } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";

const said = JSON.parse(readFileSync(0, "utf8"));
const refuse = (why) => { throw new Error(why); };
const fetched = (url) => said.web[url] ?? refuse(`nothing at ${url}`);
const seconds = (text) => Date.parse(text) / 1000;
const has = (value, word) => (Array.isArray(value) ? value : [value]).includes(word);

function opened(jwt) {
  const parts = jwt.split(".");
  if (parts.length !== 3) refuse("no compact JWS");
  const [header, payload] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
  if (header.alg !== "RS256") refuse("not RS256");
  if (header.typ !== undefined && header.typ !== "JWT") refuse("wrong typ");
  for (const name of Object.keys(header)) if (!["alg", "kid", "jwk", "typ"].includes(name)) refuse(`header ${name}`);
  const jwk = header.kid ? JSON.parse(fetched(header.kid)) : header.jwk;
  if (jwk.d !== undefined) refuse("a private key is published");
  const key = createPublicKey({ key: jwk, format: "jwk" });
  if (!verify("RSA-SHA256", Buffer.from(`${parts[0]}.${parts[1]}`), key, Buffer.from(parts[2], "base64url"))) refuse("signature");
  return { payload, kid: header.kid };
}

function held(payload) {
  if (payload.vc !== undefined) refuse("the credential is the payload, not a claim of it");
  const issuer = typeof payload.issuer === "string" ? payload.issuer : payload.issuer?.id;
  if (payload["@context"]?.[0] !== "https://www.w3.org/ns/credentials/v2") refuse("first context");
  if (!has(payload.type, "VerifiableCredential")) refuse("type");
  if (payload.iss !== issuer) refuse("iss");
  if (payload.jti !== payload.id) refuse("jti");
  if (payload.sub !== payload.credentialSubject?.id) refuse("sub");
  if (payload.nbf !== seconds(payload.validFrom)) refuse("nbf");
  if (payload.nbf > said.now) refuse("not yet");
  if ((payload.exp === undefined) !== (payload.validUntil === undefined)) refuse("exp without validUntil");
  if (payload.exp !== undefined && payload.exp !== seconds(payload.validUntil)) refuse("exp");
  if (payload.exp !== undefined && payload.exp <= said.now) refuse("expired");
  return issuer;
}

function listed(entry, issuer) {
  if (entry.type !== "BitstringStatusListEntry" || entry.statusPurpose !== "revocation") refuse("status");
  const { payload, kid } = opened(fetched(entry.statusListCredential));
  if (held(payload) !== issuer) refuse("list of another issuer");
  if (!kid.startsWith(issuer)) refuse("key of another issuer");
  if (payload.id !== entry.statusListCredential) refuse("another list");
  if (!has(payload.type, "BitstringStatusListCredential")) refuse("type of list");
  const subject = payload.credentialSubject;
  if (subject.type !== "BitstringStatusList" || subject.statusPurpose !== "revocation") refuse("list");
  if (!subject.encodedList.startsWith("u")) refuse("multibase");
  const bits = gunzipSync(Buffer.from(subject.encodedList.slice(1), "base64url"));
  if (bits.length * 8 < 131072) refuse("list too short");
  const index = Number(entry.statusListIndex);
  if (!(index >= 0 && index < bits.length * 8)) refuse("index");
  return (bits[index >> 3] & (0x80 >> (index & 7))) !== 0;
}

function badge() {
  const { payload, kid } = opened(said.badge);
  const issuer = held(payload);
  if (!kid.startsWith(issuer)) refuse("key of another issuer");
  if (payload["@context"][1] !== "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json") refuse("second context");
  if (!has(payload.type, "OpenBadgeCredential")) refuse("no badge");
  const profile = JSON.parse(fetched(issuer));
  if (profile.id !== issuer || !has(profile.type, "Profile") || profile.name !== payload.issuer.name) refuse("profile");
  if (!has(payload.credentialSubject.type, "AchievementSubject")) refuse("subject");
  const achievement = payload.credentialSubject.achievement;
  if (!has(achievement.type, "Achievement")) refuse("achievement");
  for (const name of ["id", "name", "description"]) if (typeof achievement[name] !== "string") refuse(`achievement ${name}`);
  if (typeof achievement.criteria?.narrative !== "string") refuse("criteria");
  if (listed(payload.credentialStatus, issuer)) refuse("withdrawn");
  return { valid: true, name: achievement.name, identifier: payload.credentialSubject.identifier ?? [] };
}

let answer;
try { answer = badge(); } catch (error) { answer = { valid: false, why: error.message }; }
process.stdout.write(JSON.stringify(answer));
