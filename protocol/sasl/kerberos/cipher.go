package kerberos

import (
	"github.com/jcmturner/gokrb5/v8/crypto/common"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"

	"example.org/smtpauth/protocol/trace"
)

const (
	blockLength = 16 // octets of a confounder
	tagLength   = 12 // octets of a checksum: HMAC-SHA-1 cut to 96 bits
)

// usage is the constant that derives a key for one purpose (RFC 3961 §5.3).
func usage(of func(uint32) []byte, number uint32) trace.Value {
	return trace.Value{Octets: of(number)}
}

// StringToKey makes a key of length octets out of a password (RFC 3962 §4).
// Salt is the realm and the name without anything between them.
func StringToKey(rec *trace.Recorder, label string, password, salt trace.Value, iterations, length int) (trace.Value, error) {
	stretched, err := rec.PBKDF2("PBKDF2-key", trace.SHA1, password, salt, iterations, length)
	if err != nil {
		return trace.Value{}, err
	}
	return rec.DeriveKey(label, stretched, trace.Constant("kerberos")), nil
}

// seal encrypts plain for one purpose and puts a checksum of it behind: with a
// random block in front, so that nothing is encrypted twice alike (RFC 3961
// §5.3).
func seal(rec *trace.Recorder, label string, key trace.Value, purpose uint32, confounder []byte, plain trace.Value) trace.Value {
	confounded := rec.Concat("confounded", rec.Given("confounder", confounder, 0), plain)
	cipher := rec.Encrypt("ciphertext", rec.DeriveKey("Ke", key, usage(common.GetUsageKe, purpose)), confounded)
	return rec.Concat(label, cipher, tag(rec, rec.DeriveKey("Ki", key, usage(common.GetUsageKi, purpose)), confounded))
}

// tag is the checksum of text.
func tag(rec *trace.Recorder, key, text trace.Value) trace.Value {
	return rec.Cut("integrity-tag", rec.HMAC("integrity", trace.SHA1, key, text), 0, tagLength)
}

// open undoes seal; it says nothing of what a wrong checksum belongs to.
func open(rec *trace.Recorder, label string, key trace.Value, purpose uint32, s Sealed) (plain trace.Value, ok bool) {
	n := len(s.Cipher.Octets)
	if n < blockLength+tagLength || s.EType == 0 || s.EType != etypeOf(len(key.Octets)) {
		return plain, false
	}
	cipher := rec.Cut("ciphertext", s.Cipher, 0, n-tagLength)
	sent := rec.Cut("sent-integrity-tag", s.Cipher, n-tagLength, n)
	confounded := rec.Decrypt("confounded", rec.DeriveKey("Ke", key, usage(common.GetUsageKe, purpose)), cipher)
	computed := tag(rec, rec.DeriveKey("Ki", key, usage(common.GetUsageKi, purpose)), confounded)
	if !rec.Compare("integrity-check", sent, computed) {
		return plain, false
	}
	return rec.Cut(label, confounded, blockLength, n-tagLength), true
}

// Purposes of keys (RFC 4120 §7.5.1, RFC 4121 §2).
const (
	forTicket        = keyusage.KDC_REP_TICKET
	forASRep         = keyusage.AS_REP_ENCPART
	forAuthenticator = keyusage.AP_REQ_AUTHENTICATOR
	forAPRep         = keyusage.AP_REP_ENCPART
	forAcceptor      = keyusage.GSSAPI_ACCEPTOR_SEAL
	forInitiator     = keyusage.GSSAPI_INITIATOR_SEAL
)
