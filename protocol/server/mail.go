package server

import (
	"slices"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/quirk"
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
		return q.policy.has("SMTPUTF8")
	case "AUTH": // PAR-01: from anybody, once the server does AUTH at all
		return len(q.policy.BeforeTLS)+len(q.policy.AfterTLS) > 0 && !q.does(quirk.MailAuthUnknown)
	}
	return false
}

// longestMail is how long MAIL may be, and so any command line before its verb
// is known.
const longestMail = smtp.MaxCommandLine + smtp.MailAuth + smtp.MailSize + smtp.Mail8BitMIME + smtp.MailSMTPUTF8

// lengthens is what each parameter of MAIL adds to a line, if it is offered
// (CMD-05).
var lengthens = map[string]int{
	"AUTH": smtp.MailAuth, "SIZE": smtp.MailSize, "BODY": smtp.Mail8BitMIME, "SMTPUTF8": smtp.MailSMTPUTF8,
}

// limit is how many octets the line may have, CR LF included.
func (q *query) limit() int {
	if q.policy.Limits.Line > 0 {
		return q.policy.Limits.Line
	}
	limit := smtp.MaxCommandLine
	if q.cmd.Verb == smtp.MAIL {
		for name, more := range lengthens {
			if q.mayCarry(name) {
				limit += more
			}
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

// maySend reports whether the user may use the reverse-path: as whom it acts,
// where that is an account, else as who it is (RFC 4422 §3.4.1). The null path
// is for reports, which submission does not send, but no rule forbids it.
func (q *query) maySend(path smtp.Path) bool {
	account, known := q.store.Account(q.Authzid)
	if !known {
		account, _ = q.store.Account(q.Authcid)
	}
	return len(account.Senders) == 0 || path.IsNull() || q.does(quirk.SenderDomain) && sameDomain(account.Senders, path) ||
		slices.ContainsFunc(account.Senders, func(s string) bool { return strings.EqualFold(s, path.Mailbox()) })
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
