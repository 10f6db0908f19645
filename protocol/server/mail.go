package server

import (
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/smtp"
)

// mayCarry reports whether MAIL may have the parameter name in this session:
// its extension was offered, and to an EHLO (CMD-17, EBM-01, PAR-01).
func (q *query) mayCarry(name string) bool {
	if !q.ESMTP {
		return false
	}
	switch name {
	case "SIZE":
		return q.policy.MaxSize > 0
	case "BODY":
		return q.policy.has("8BITMIME")
	case "SMTPUTF8":
		return q.policy.has("SMTPUTF8") && q.policy.has("8BITMIME")
	case "AUTH": // PAR-01: from anybody, once the server does AUTH at all
		return len(q.policy.BeforeTLS)+len(q.policy.AfterTLS) > 0
	}
	return false
}

// mailLimit is how long a MAIL line may be: each offered extension lengthens
// it (CMD-05).
func (q *query) mailLimit() int {
	limit := smtp.MaxCommandLine
	for name, more := range map[string]int{
		"AUTH": smtp.MailAuth, "SIZE": smtp.MailSize, "BODY": smtp.Mail8BitMIME, "SMTPUTF8": smtp.MailSMTPUTF8,
	} {
		if q.mayCarry(name) {
			limit += more
		}
	}
	return limit
}

// twice reports whether a parameter name stands twice.
func twice(params []smtp.Param) bool {
	for i, p := range params {
		if slices.ContainsFunc(params[:i], func(o smtp.Param) bool { return o.Name == p.Name }) {
			return true
		}
	}
	return false
}

// submitter decodes the value of AUTH= into "<>" or a mailbox (RFC 4954 §8).
func submitter(xtext string) (string, error) {
	text, err := smtp.DecodeXtext(xtext)
	if err != nil || text == "<>" {
		return text, err
	}
	path, err := smtp.ParseMailbox(text)
	return path.Mailbox(), err
}

// maySend reports whether the account may use path as its reverse-path. The
// null path is for reports, which submission does not send, but no rule
// forbids it.
func (p *Policy) maySend(authcid string, path smtp.Path) bool {
	for _, a := range p.Accounts {
		if a.Name == authcid {
			return len(a.Senders) == 0 || path.IsNull() ||
				slices.ContainsFunc(a.Senders, func(s string) bool { return strings.EqualFold(s, path.Mailbox()) })
		}
	}
	return true
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
