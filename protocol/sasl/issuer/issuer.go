// Package issuer makes the bearer tokens that XOAUTH2 and OAUTHBEARER carry:
// JSON Web Tokens (RFC 7519) signed with Ed25519 (RFC 8037 §3.1). In the world
// an authorization server does this after its user has logged in there.
//
//	base64url(header) "." base64url(claims) "." base64url(signature)
package issuer

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// Header is the header of every token made here (RFC 9068 §2.1).
const Header = `{"typ":"at+jwt","alg":"EdDSA"}`

// Claims are what a token says (RFC 7519 §4.1; scope: RFC 8693 §4.2). Times are
// seconds since 1970.
type Claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	Scope    string `json:"scope"` // words with spaces between them
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// NewKey derives an issuer's key from a seed: the same seed, the same key.
func NewKey(seed []byte) (ed25519.PrivateKey, error) {
	raw, err := hkdf.Key(sha256.New, seed, nil, "smtpauth token issuer", ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(raw), nil
}

// Sign makes a token of claims.
func Sign(key ed25519.PrivateKey, c Claims) (string, error) {
	claims, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	spell := base64.RawURLEncoding.EncodeToString
	signed := spell([]byte(Header)) + "." + spell(claims)
	return signed + "." + spell(ed25519.Sign(key, []byte(signed))), nil
}
