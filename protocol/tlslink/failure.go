package tlslink

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"reflect"
	"time"
)

// What broke a Link.
const (
	WrongHost        = "wrong-host"        // the certificate does not hold the name asked for
	Expired          = "expired"           // its validity is over
	NotYetValid      = "not-yet-valid"     // its validity has not begun
	UnknownAuthority = "unknown-authority" // signed by a root that is not trusted
	BadCertificate   = "certificate"       // any other fault of the certificate
	NoVersion        = "version"           // no TLS version in common
	NotTLS           = "not-tls"           // what came is not TLS
	Broken           = "protocol"          // what came breaks TLS; the alert says how
	PeerAlert        = "alert"             // the peer gave up, with the alert named
	TooEarly         = "too-early"         // Write before the handshake was over: our own fault
	Closed           = "closed"            // Write after CloseNotify or Close: our own fault
)

// FailureIDs lists every Failure.ID.
func FailureIDs() []string {
	return []string{WrongHost, Expired, NotYetValid, UnknownAuthority, BadCertificate,
		NoVersion, NotTLS, Broken, PeerAlert, TooEarly, Closed}
}

// Failure says why a Link broke and whose word that is.
type Failure struct {
	ID    string `json:"id"`
	Alert string `json:"alert,omitempty"` // that was sent (Local) or received, RFC 8446 §6: "bad_certificate"; empty: none
	Local bool   `json:"local"`           // this side found the fault; else the peer said so by alert
	// Want and Have are set for WrongHost (the name asked for; those in the
	// certificate), Expired and NotYetValid (the time now; the limit, RFC 3339).
	Want string `json:"want,omitempty"`
	Have string `json:"have,omitempty"`
	Text string `json:"text,omitempty"` // the library's error, for a log
}

func (f *Failure) Error() string {
	s := "tlslink: " + f.ID
	if f.Alert != "" {
		s += " (" + f.Alert + ")"
	}
	if f.Text != "" {
		s += ": " + f.Text
	}
	return s
}

// Explain turns what Handshake of crypto/tls returned into a Failure. sent is
// the name of the alert that this side sent, empty where it sent none; host and
// now are what a client verified the certificate with.
func Explain(err error, sent, host string, now time.Time) *Failure {
	return explain(err, sent, false, host, now)
}

// explain turns an error of crypto/tls into a Failure. sent is the name of the
// alert this side sent, if any; up, whether the handshake was over.
func explain(err error, sent string, up bool, host string, now time.Time) *Failure {
	f := &Failure{ID: Broken, Local: true, Alert: sent, Text: err.Error()}
	var op *net.OpError
	var verify *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	switch {
	case err == io.EOF: // close_notify in the handshake
		f.ID, f.Local, f.Alert = PeerAlert, false, AlertName(0)
	case errors.As(err, &op) && op.Op == "remote error":
		f.ID, f.Local, f.Alert = PeerAlert, false, alertOf(op)
		if f.Alert == protocolVersion && !up {
			f.ID = NoVersion
		}
	case errors.As(err, &header):
		f.ID = NotTLS
	case errors.As(err, &verify):
		f.blame(verify, host, now)
	case sent == protocolVersion:
		f.ID = NoVersion
	}
	return f
}

// blame says what is wrong with the server's certificate.
func (f *Failure) blame(v *tls.CertificateVerificationError, host string, now time.Time) {
	f.ID = BadCertificate
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(v.Err, &name):
		f.ID, f.Want, f.Have = WrongHost, host, names(name.Certificate)
	case errors.As(v.Err, &unknown):
		f.ID = UnknownAuthority
	case errors.As(v.Err, &invalid) && invalid.Reason == x509.Expired:
		f.ID, f.Want, f.Have = Expired, stamp(now), stamp(invalid.Cert.NotAfter)
		if now.Before(invalid.Cert.NotBefore) {
			f.ID, f.Have = NotYetValid, stamp(invalid.Cert.NotBefore)
		}
	}
}

// alertOf names the alert in an error of crypto/tls, whose type for it is
// unexported but a uint8.
func alertOf(op *net.OpError) string {
	if v := reflect.ValueOf(op.Err); v.Kind() == reflect.Uint8 {
		return AlertName(uint8(v.Uint()))
	}
	return ""
}
