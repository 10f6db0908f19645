package main

import (
	"fmt"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/tlslink"
)

// whose says who stands behind a fault.
var whose = map[client.Whose]string{
	client.ServerBroke:   "the server broke the protocol",
	client.ServerRefused: "the server refused",
	client.Ours:          "this client cannot do what it was told",
	client.Connection:    "the connection failed",
}

// what says what a fault was. Of one that is not here the id is said.
var what = map[string]string{
	"timeout":              "no reply came in time",
	"connection-lost":      "it was closed before the end",
	"unreadable-reply":     "what it sent is no reply",
	"unasked-reply":        "it replied before it was asked",
	"service-closing":      "it closes the connection",
	"greeting-refused":     "it does not serve anybody now",
	"ehlo-refused":         "it does not take EHLO",
	"helo-refused":         "it takes neither EHLO nor HELO",
	"starttls-missing":     "it does not offer STARTTLS",
	"starttls-refused":     "it offers STARTTLS and then refuses it",
	"injected":             "clear text came behind its reply to STARTTLS",
	"tls-failed":           "TLS failed",
	"unsendable":           "what is to be sent breaks the rules of SMTP",
	"line-kept":            "it began with a letter that the program keeps for itself",
	"auth-not-offered":     "it does not offer AUTH",
	"no-common-mechanism":  "no mechanism it may use here is offered",
	"auth-refused":         "it does not say why it takes no log-in",
	"success-too-early":    "it accepted before the exchange was over",
	"not-an-auth-reply":    "its reply is none to AUTH",
	"multiline-challenge":  "its challenge has more than one line",
	"challenge-not-base64": "its challenge is not base64",
	"user-cancelled":       "the exchange was cancelled",
	"mechanism-unknown":    "it does not know the mechanism and can only ask for it",
	"extra-challenge":      "it asks for more than the mechanism has",
	"sender-refused":       "it does not take the sender",
	"recipient-refused":    "it does not take the recipient",
	"message-refused":      "it does not take the message",
	"transition-needed":    "a password transition is needed",
	"auth-temporary":       "it cannot authenticate anybody now",
	"auth-syntax":          "it finds fault with the form of AUTH",
	"auth-out-of-order":    "it does not take AUTH now",
	"mechanism-refused":    "it does not take the mechanism",
	"auth-needs-tls":       "it takes AUTH only inside TLS",
	"mechanism-too-weak":   "the mechanism is too weak for this user",
	"credentials-refused":  "name or password are wrong",

	"app-password-wanted":   "it wants a password made for programs, not the account's own",
	"refused-by-policy":     "a rule of whoever runs it forbids this log-in, whatever the password",
	"token-refused":         "it does not take the token",
	"ticket-refused":        "it does not take the ticket",
	"certificate-refused":   "it does not take the certificate for this user",
	"binding-refused":       "the two ends are not of one TLS connection",
	"authorization-refused": "this user may not act as the other",
	"too-many-log-ins":      "there were too many log-ins or failures, so wait",
	"auth-required":         "it wants a log-in first",
	"tls-required":          "it wants STARTTLS first",

	"no-kdc":              "GSSAPI wants a ticket, and no Kerberos centre was named that issues one",
	"kdc-unreachable":     "the Kerberos centre does not answer",
	"kdc-answer":          "the Kerberos centre answers something else than a ticket",
	"kdc-key":             "the password does not open what the Kerberos centre answers",
	"unknown-principal":   "the Kerberos centre does not know the user",
	"unknown-service":     "the Kerberos centre does not know the server",
	"wrong-session-key":   "it could not open the ticket",
	"no-layer":            "it does not do without a security layer",
	"wrong-signature":     "it does not prove that it knows the password",
	"wrong-nonce":         "its nonce does not begin with this client's",
	"too-few-iterations":  "its iteration count is too low to protect the password",
	"too-many-iterations": "its iteration count is too high to be computed",
	"too-much-work":       "the session has computed as much as one may",
	"malformed":           "its challenge does not have the mechanism's form",
	"malformed-token":     "the token has characters that may not stand there",
	"no-certificate":      "no client certificate was shown",
	"empty":               "name or password is empty",
	"nul":                 "there is a NUL in name or password",
	"nul-or-line-end":     "there is a NUL or a line end in name or password",
	"not-utf8":            "name or password is not UTF-8",
	"not-ascii":           "it writes names and passwords in ASCII alone",
	"not-prepared":        "name or password has characters that may not stand there",
	"name-too-long":       "the name is too long",
	"challenge-not-empty": "its challenge should be empty",

	"tls-" + tlslink.WrongHost:        "the certificate is for another host",
	"tls-" + tlslink.Expired:          "the certificate has expired",
	"tls-" + tlslink.NotYetValid:      "the certificate is not valid yet",
	"tls-" + tlslink.UnknownAuthority: "nobody who is trusted vouches for the certificate",
	"tls-" + tlslink.BadCertificate:   "the certificate is not good",
	"tls-" + tlslink.NoVersion:        "there is no TLS version that both speak",
	"tls-" + tlslink.NotTLS:           "what came is not TLS",
	"tls-" + tlslink.Broken:           "what came breaks TLS",
	"tls-" + tlslink.PeerAlert:        "it gave TLS up",
	"tls-" + tlslink.TooEarly:         "TLS was not up",
	"tls-" + tlslink.Closed:           "TLS was closed",
}

// sentence says in one whose fault it was, and by which rule.
func sentence(f *client.Fault) string {
	said, known := what[f.ID]
	if !known {
		said = strings.ReplaceAll(f.ID, "-", " ")
	}
	var because []string
	if f.Code != 0 {
		because = append(because, fmt.Sprintf("reply %d", f.Code))
	}
	if f.RuleID.ID != "" {
		because = append(because, f.RuleID.ID+", "+f.Section)
	}
	if len(because) > 0 {
		said += " (" + strings.Join(because, "; ") + ")"
	}
	return whose[f.Whose] + ": " + said + "."
}
