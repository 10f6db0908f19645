package sasl

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/trace"
)

// TokenRules are what a server wants of a token. The zero value takes none.
type TokenRules struct {
	Key      []byte `json:"key,omitempty"` // the issuer's Ed25519 public key
	Issuer   string `json:"issuer"`
	Audience string `json:"audience"` // for whom a token must be: this server
	Scope    string `json:"scope"`    // one word that a token's scope must have
	// Endpoint refuses an OAUTHBEARER message whose host or port is another than
	// the server's own (OAB-07): not where it stands behind a mapped port.
	Endpoint bool `json:"endpoint,omitempty"`
	// Known are tokens taken as they stand, and whose each is: by their SHA-256,
	// so that no search tells how much of one was right. A native server's alone:
	// no set-up holds them.
	Known map[[sha256.Size]byte]string `json:"-"`
}

// checkToken checks signature, issuer, expiry, audience and scope in this order
// (RFC 9068 §4) and returns the subject, or the reason why the token is no good.
func checkToken(env *Env, rules TokenRules, token trace.Value) (subject trace.Value, reason string) {
	if name, known := rules.Known[sha256.Sum256(token.Octets)]; known {
		return env.Trace.Text("claim-sub", name, trace.Store), ""
	}
	first := bytes.IndexByte(token.Octets, '.')
	last := bytes.LastIndexByte(token.Octets, '.')
	if first < 0 || first == last || bytes.Count(token.Octets, []byte(".")) != 2 {
		return subject, "malformed-token"
	}
	rec := env.Trace
	header, err := rec.Unbase64URL("token-header", rec.Cut("token-part", token, 0, first))
	if err != nil {
		return subject, "malformed-token"
	}
	claims, err := rec.Unbase64URL("token-claims", rec.Cut("token-part", token, first+1, last))
	if err != nil {
		return subject, "malformed-token"
	}
	signature, err := rec.Unbase64URL("token-signature", rec.Cut("token-part", token, last+1, len(token.Octets)))
	if err != nil {
		return subject, "malformed-token"
	}
	var head struct {
		Alg string `json:"alg"`
	}
	if json.Unmarshal(header.Octets, &head) != nil || head.Alg != "EdDSA" { // never "none" (RFC 8725 §3.2)
		return subject, "malformed-token"
	}
	key := rec.Given("issuer-key", rules.Key, trace.Everybody)
	if !rec.Verify("token-check", key, rec.Cut("token-signed", token, 0, last), signature) {
		return subject, "bad-signature"
	}
	return checkClaims(env, rules, claims)
}

// checkClaims checks what a token that the issuer has signed says.
func checkClaims(env *Env, rules TokenRules, claims trace.Value) (subject trace.Value, reason string) {
	rec := env.Trace
	fields, ok := fieldsOf(env, claims)
	for _, name := range []string{"iss", "sub", "aud", "scope", "exp"} {
		if _, given := fields[name]; !given || !ok {
			return subject, "malformed-token"
		}
	}
	if !rec.Compare("issuer-check", fields["iss"], rec.Text("own-issuer", rules.Issuer, 0)) {
		return subject, "wrong-issuer"
	}
	expires, err := strconv.ParseInt(fields["exp"].String(), 10, 64)
	if err != nil {
		return subject, "malformed-token"
	}
	if now := env.Now().Unix(); expires <= now {
		return subject, "expired"
	}
	if !rec.Compare("audience-check", fields["aud"], rec.Text("own-audience", rules.Audience, 0)) {
		return subject, "wrong-audience"
	}
	if rules.Scope != "" && !slices.Contains(strings.Fields(fields["scope"].String()), rules.Scope) {
		return subject, "wrong-scope"
	}
	return fields["sub"], ""
}

// claimLabels are the labels of a token's fields.
var claimLabels = map[string]string{"iss": "claim-iss", "sub": "claim-sub", "aud": "claim-aud", "scope": "claim-scope", "exp": "claim-exp"}

// fieldsOf cuts the texts and numbers out of an object of JSON. A text that
// JSON has to escape has no place of its own in it and is noted as given.
func fieldsOf(env *Env, object trace.Value) (fields map[string]trace.Value, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(object.Octets))
	dec.UseNumber()
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, false
	}
	fields = map[string]trace.Value{}
	for dec.More() {
		token, err := dec.Token()
		name, isText := token.(string)
		if _, twice := fields[name]; err != nil || !isText || twice {
			return nil, false
		}
		if token, err = dec.Token(); err != nil {
			return nil, false
		}
		end, text := int(dec.InputOffset()), ""
		switch value := token.(type) {
		case string:
			text, end = value, end-1 // the quote
		case json.Number:
			text = value.String()
		default:
			return nil, false
		}
		if label := claimLabels[name]; label == "" {
			fields[name] = trace.Constant(text)
		} else if from := end - len(text); from >= 0 && string(object.Octets[from:end]) == text {
			fields[name] = env.Trace.Cut(label, object, from, end)
		} else {
			fields[name] = env.Trace.Text(label, text, trace.Client|trace.Server)
		}
	}
	_, err := dec.Token() // the closing brace
	return fields, err == nil && !dec.More()
}
