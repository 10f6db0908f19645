// Package kerberos holds the messages of Kerberos version 5 that GSSAPI needs
// (RFC 4120, RFC 4121), and a key distribution centre that lives in memory.
// Keys are of aes128- and aes256-cts-hmac-sha1-96 (RFC 3962). A message that is
// read is laid open by cutting: each value knows where it stood.
package kerberos

import (
	"strings"
	"time"

	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
)

// Numbers of RFC 4120.
const (
	version     = 5
	typeASReq   = 10
	typeASRep   = 11
	typeAPReq   = 14
	typeAPRep   = 15
	typeError   = 30
	nameUser    = 1 // NT-PRINCIPAL
	nameService = 3 // NT-SRV-HST

	// Application tags of what is inside the encrypted parts (RFC 4120 §5.10).
	tagTicket        = 1
	tagAuthenticator = 2
	tagTicketPart    = 3
	tagASRepPart     = 25
	tagTGSRepPart    = 26
	tagAPRepPart     = 27
)

// Skew is how far two clocks may be apart, and for how long an authenticator is
// remembered so that it is not taken twice (RFC 4120 §1.6, §3.2.3).
const Skew = 5 * time.Minute

// Lifetime is how long a ticket is good for.
const Lifetime = 10 * time.Hour

// KeyLength is the length in octets of the keys that are made here, for
// aes256-cts-hmac-sha1-96.
const KeyLength = 32

// Service is what GSSAPI calls SMTP (RFC 4954 §4); its principal is
// smtp/host@REALM.
const Service = "smtp"

// RealmOf is the realm that a host belongs to where nothing else is said: its
// domain in capital letters (RFC 4120 §7.2.3.1 has the style).
func RealmOf(host string) string {
	_, domain, found := strings.Cut(host, ".")
	if !found {
		domain = host
	}
	return strings.ToUpper(domain)
}

// EType is the number of the encryption type that a key is for, by its length;
// 0: of none here.
func EType(key []byte) int64 { return etypeOf(len(key)) }

// etypeOf is the encryption type for a key of so many octets; 0: none here.
func etypeOf(length int) int64 {
	switch length {
	case 16:
		return int64(etypeID.AES128_CTS_HMAC_SHA1_96)
	case 32:
		return int64(etypeID.AES256_CTS_HMAC_SHA1_96)
	}
	return 0
}
