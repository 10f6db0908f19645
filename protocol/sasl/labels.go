package sasl

import "slices"

// A Words is every id that a page has to put into words, each list in the order of
// its declaration.
type Words struct {
	Labels    []string // of the steps that are recorded
	Reasons   []string // of Errors
	Kinds     []Kind   // of Errors
	Crossings []Crossing
	Gains     []Gain
	Statuses  []Status
	Bindings  []Binding
}

// Statuses and Bindings are what a page offers, in that order.
func Statuses() []Status  { return slices.Clone(statuses) }
func Bindings() []Binding { return slices.Clone(bindings) }

// Vocabulary returns all of them.
func Vocabulary() Words {
	return Words{slices.Clone(labels), slices.Clone(reasons), slices.Clone(kinds), slices.Clone(crossings), slices.Clone(gains), Statuses(), Bindings()}
}

// labels are the labels of the steps that this package records. The same
// value has the same label in every mechanism; passwd is RFC 4616's word.
var labels = []string{
	"authcid", "authcid-prepared", "authzid", "authzid-prepared",
	"passwd", "passwd-prepared", "password", "password-prepared",
	"message", "response", "sent-digest", "digest", "digest-hex",
	"username-prompt", "password-prompt",
	"challenge", "random", "random-hex", "seconds", "host",
	"stored-password", "stored-password-raw", "stored-salt", "stored-verifier", "stored-authzid",
	"dummy-password", "dummy-salt", "dummy-verifier",
	"computed-verifier",
	"saslname", "authzid-saslname", "name-part",
	"client-nonce", "server-nonce", "nonce", "gs2-header", "client-first-message-bare", "client-first-message",
	"derived-salt", "salt-base64", "salt", "iterations", "server-first-message",
	"cbind-data", "cbind-input", "channel-binding", "client-final-message-without-proof", "proof", "client-final-message",
	"SaltedPassword", "ClientKey", "StoredKey", "AuthMessage", "ClientSignature", "ClientProof", "ServerKey", "ServerSignature",
	"recovered-ClientKey", "recovered-StoredKey", "sent-ServerSignature", "verifier", "server-final-message", "server-error",
	"stored-StoredKey", "stored-ServerKey", "dummy-StoredKey", "dummy-ServerKey",
	"channel-binding-check", "nonce-check", "StoredKey-check", "ServerSignature-check",
	"realm", "digest-uri", "user-latin1", "realm-latin1", "password-latin1", "quoted", "stored-name", "stored-digest", "dummy-digest",
	"user-realm-password", "user-realm-password-hash", "A1", "A1-hash", "A1-hex", "A2", "A2-hash", "A2-hex", "digest-text",
	"digest-challenge", "digest-response", "response-value", "sent-response", "rspauth", "rspauth-message", "sent-rspauth", "rspauth-check",
	"port", "token", "token-message", "token-part", "token-header", "token-claims", "token-signature", "token-signed", "token-check", "issuer-key",
	"claim-iss", "claim-sub", "claim-aud", "claim-scope", "claim-exp", "own-issuer", "own-audience", "issuer-check", "audience-check", "own-host", "own-port", "host-upper", "host-check", "port-check",
	"user-prepared", "error-json",
	"N", "g", "k", "a", "b", "A", "B", "x", "v", "u", "S", "K", "M1", "M2", "sent-M1", "sent-M2", "stored-v", "dummy-v",
	"user-password", "user-password-hash", "kv", "g-to-b", "B-less-kv", "ux", "a-and-ux", "v-to-u", "A-times-v-to-u",
	"g-padded", "A-padded", "B-padded", "A-mod-N", "B-mod-N", "N-hash", "g-hash", "group-hash", "U-hash", "I-hash", "L-hash", "o-hash",
	"srp-identity", "srp-offer", "srp-evidence", "srp-confirmation", "session-kind", "session-id", "ttl",
	"options-offered", "options-chosen", "client-iv", "server-iv", "M1-check", "M2-check",
	"Kc", "Ke", "Ki", "PBKDF2-key", "ap-rep", "ap-rep-cipher", "ap-rep-plain", "ap-req", "authenticator", "authenticator-name", "authenticator-plain", "authenticator-principal", "authenticator-realm", "checksum",
	"ciphertext", "client-key", "client-name", "client-principal", "client-realm", "confounded", "confounder", "ctime", "ctime-check",
	"cusec", "cusec-check", "end-time", "integrity", "integrity-check", "integrity-tag", "kdc-answer", "kdc-cipher", "kdc-nonce", "kdc-plain",
	"kdc-request", "layer-choice", "layer-offer", "layer-size", "layers", "principal-check", "realm-check", "sent-ctime", "sent-cusec",
	"sent-integrity-tag", "sent-nonce", "sent-wrap-checksum", "sequence-number", "service-key", "service-name", "service-principal",
	"service-realm", "session-key", "start-time", "subkey", "ticket", "ticket-cipher", "ticket-plain", "unwrapped", "wrap-body", "wrap-check",
	"wrap-checksum", "wrap-header", "wrap-integrity", "wrap-text", "wrap-token",
	"certificate-name", "trace-text", "trace-prepared",
	"NEGOTIATE_MESSAGE", "CHALLENGE_MESSAGE", "AUTHENTICATE_MESSAGE", "unsigned-message", "three-messages",
	"Signature", "MessageType", "NegotiateFlags", "Version", "Reserved", "MIC", "ServerChallenge",
	"DomainNameFields", "WorkstationFields", "TargetNameFields", "TargetInfoFields", "LmChallengeResponseFields", "NtChallengeResponseFields",
	"UserNameFields", "EncryptedRandomSessionKeyFields", "DomainName", "Workstation", "TargetName", "TargetInfo", "LmChallengeResponse",
	"NtChallengeResponse", "UserName", "target-info",
	"MsvAvEOL", "MsvAvNbComputerName", "MsvAvNbDomainName", "MsvAvDnsComputerName", "MsvAvDnsDomainName", "AvPair", "MsvAvFlags", "MsvAvTimestamp",
	"temp", "RespType", "HiRespType", "TimeStamp", "ChallengeFromClient",
	"client-challenge", "server-challenge", "timestamp", "domain", "domain-utf16", "workstation", "workstation-utf16", "user-utf16",
	"computer", "computer-utf16", "dns-domain", "dns-domain-utf16", "host-utf16", "password-utf16", "NTOWFv1", "stored-NTOWFv1", "dummy-NTOWFv1",
	"user-upper", "user-upper-utf16", "user-and-domain", "NTOWFv2", "challenge-and-temp", "NTProofStr", "sent-NTProofStr", "SessionBaseKey",
	"both-challenges", "LMv2-hash", "session-hash", "session-challenge", "three-keys", "key-part", "des-key", "encrypted-challenge",
	"password-upper", "password-14", "encrypted-constant", "LMOWFv1", "NtChallengeResponse-check", "NTProofStr-check", "MIC-check",
	"password-check", "digest-check", "digest-check-raw", "digest-check-octets", "authzid-check", "prompt-check",
}

// reasons are the reasons of Errors. not-utf8, not-ascii, nul, nul-or-line-end,
// name-too-long are a client's own; withheld and too-much-work are either side's.
var reasons = []string{
	"malformed", "empty", "not-prepared",
	"unknown-user", "wrong-password", "prepared-only", "withheld", "not-authorized",
	"no-clear-password", "initial-response",
	"nul", "nul-or-line-end", "not-utf8", "not-ascii", "name-too-long",
	"challenge-not-empty", "prompt", "out-of-step",
	"mandatory-extension", "wrong-nonce", "header-changed", "too-few-iterations", "too-many-iterations", "too-much-work",
	"other-verifier", "wrong-signature",
	"no-qop", "not-latin1", "wrong-realm", "wrong-uri",
	"malformed-token", "bad-signature", "wrong-issuer", "expired", "wrong-audience", "wrong-scope", "wrong-user", "wrong-host",
	"old-response", "wrong-target", "wrong-mic",
	"no-certificate", "trace",
	"zero-number", "unknown-group", "group-too-large", "no-hash",
	"no-kdc", "unknown-principal", "unknown-service", "kdc-answer", "kdc-key",
	"wrong-service", "wrong-service-key", "wrong-session-key", "wrong-authenticator", "wrong-principal", "wrong-checksum",
	"clock-skew", "ticket-expired", "replayed", "no-layer",
	"no-binding", "binding-flag", "binding-type", "other-channel", "downgrade",
}

// kinds are all kinds, in the order of their declaration.
var kinds = []Kind{Refused, Transition, Unwanted, Local, Peer, Impostor, OutOfStep}
