package problem

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// said reads reply lines as on the wire, LF between them.
func said(text string) (r smtp.Reply) {
	for line := range strings.SplitSeq(text, "\n") {
		r.Code, _ = strconv.Atoi(line[:3])
		rest := line[min(4, len(line)):]
		if e, after, coded := smtp.ParseEnhanced(rest); coded {
			r.Enhanced, rest = e, after
		}
		r.Lines = append(r.Lines, rest)
	}
	return r
}

// samples are replies that servers give, or that were recorded or reported.
var samples = []struct {
	reply, mechanism string
	kind             Kind
}{
	{"535 5.7.8 Authentication credentials invalid", "PLAIN", Credentials},
	{"535 5.7.8 Error: authentication failed: (reason unavailable)", "CRAM-MD5", Credentials},
	{"535 Incorrect authentication data", "LOGIN", Credentials},
	{"535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials x - gsmtp", "PLAIN", Credentials},
	{"535 5.7.0 (#MBR1212) Incorrect username or password.", "LOGIN", Credentials},
	{"454 4.7.0 invalid username or password", "PLAIN", Credentials},
	{"535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.", "LOGIN", Credentials},
	{"526 Authentication failure[0]", "LOGIN", Credentials},
	{"524 username or passwd is NULL", "LOGIN", Credentials},
	{"535 5.7.8 Authentication credentials invalid", "OAUTHBEARER", Token},
	{"535 5.7.8 Authentication credentials invalid", "xoauth2", Token},
	{"535 5.7.8 Authentication credentials invalid", "GSSAPI", Ticket},
	{"535 5.7.8 Authentication credentials invalid", "EXTERNAL", Certificate},
	{"535 5.7.8 token expired", "LOGIN", Token},
	{"534-5.7.9 Application-specific password required. For more information, go to\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor x - gsmtp", "PLAIN", AppPassword},
	{"535 5.7.0 NEOBHODIM parol prilozheniya https://help.mail.ru/ / Application password is REQUIRED", "LOGIN", AppPassword},
	{"535 Login Fail. Please enter your authorization code to login.", "LOGIN", AppPassword},
	{"535 Error: 请使用授权码登录", "LOGIN", AppPassword},
	{"535 Error: \xc7\xeb\xca\xb9\xd3\xc3\xca\xda\xc8\xa8\xc2\xeb\xb5\xc7\xc2\xbc", "LOGIN", AppPassword},
	{"535 Error: ÇëÊ¹ÓÃÊÚÈ¨ÂëµÇÂ¼", "LOGIN", AppPassword},
	{"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled", "LOGIN", Policy},
	{"535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "LOGIN", Policy},
	{"535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.", "XOAUTH2", Policy},
	{"534-5.7.14 Please log in via your web browser and\n534-5.7.14 then try again.\n534 5.7.14 x - gsmtp", "PLAIN", Policy},
	{"534 5.7.14 no trust", "PLAIN", Policy},
	{"535 5.7.13 no", "PLAIN", Policy},
	{"535 5.7.3 Authentication unsuccessful", "LOGIN", Unclear},
	{"535 5.7.139 Authentication unsuccessful", "LOGIN", Unclear},
	{"535 Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy.", "LOGIN", Unclear},
	{"550 5.7.1 no", "LOGIN", Unclear},
	{"454 4.7.0 Temporary authentication failure: Connection lost to authentication server", "PLAIN", Temporary},
	{"535 5.7.8 Error: authentication failed: Connection lost to authentication server", "PLAIN", Temporary},
	{"454 4.3.0 Try again", "PLAIN", Temporary},
	{"454 4.7.0 Too many login attempts, please try again later.", "PLAIN", TooMany},
	{"535 5.7.0 (#AUTH005) Too many bad auth attempts.", "LOGIN", TooMany},
	{"432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", "LOGIN", TooMany},
	{"432 4.7.12 A password transition is needed", "SCRAM-SHA-256", Transition},
	{"432 no", "SCRAM-SHA-256", Transition},
	{"535 4.7.12 no", "SCRAM-SHA-256", Transition},
	{"535 5.7.8 Password expired", "PLAIN", Transition},
	{"535 5.7.8 channel binding mismatch", "SCRAM-SHA-256-PLUS", Binding},
	{"535 5.7.8 cannot assume other role (x)", "PLAIN", Authorization},
	{"534 5.7.9 Authentication mechanism is too weak", "PLAIN", TooWeak},
	{"534 no", "PLAIN", TooWeak},
	{"535 mechanism too weak", "PLAIN", TooWeak},
	{"538 5.7.11 Encryption required for requested authentication mechanism", "PLAIN", NeedsTLS},
	{"538 no", "PLAIN", NeedsTLS},
	{"523 5.7.10 TLS is required", "PLAIN", NeedsTLS},
	{"523 no", "PLAIN", NeedsTLS},
	{"503 5.7.10 You feel vulnerable", "PLAIN", NeedsTLS},
	{"504 5.7.11 no", "PLAIN", NeedsTLS},
	{"530 5.7.0 Must issue a STARTTLS command first", "PLAIN", NeedsTLS},
	{"530 5.7.7 Email sending without SSL/TLS encryption is not allowed", "", NeedsTLS},
	{"530 5.7.0 Authentication required", "", NeedsAuth},
	{"530 5.7.57 Client not authenticated to send mail", "", NeedsAuth},
	{"530 no", "", NeedsAuth},
	{"502 5.7.0 Please authenticate first", "", NeedsAuth},
	{"504 5.5.4 Unrecognized authentication type", "CRAM-MD5", Mechanism},
	{"535 5.7.4 Unrecognized authentication type", "PLAIN", Mechanism},
	{"535 5.7.8 Error: authentication failed: Invalid authentication mechanism", "LOGIN", Mechanism},
	{"501 5.5.2 no", "LOGIN", Form},
	{"500 no", "LOGIN", Form},
	{"535 5.5.6 too long", "LOGIN", Form},
	{"523 cipher text is invalid base64 format", "LOGIN", Form},
	{"503 5.5.1 AUTH not available", "PLAIN", Order},
	{"502 5.5.1 no", "PLAIN", Order},
}

// RFC 4954 §4, §6 (AUTH-27, AUTH-30, AUTH-31, AUTH-32, AUTH-33, AUTH-34): every
// row decides for a reply that some server gives.
func TestOf(t *testing.T) {
	decided := map[int]bool{}
	for _, s := range samples {
		if got := Of(s.mechanism, said(s.reply)); got != s.kind {
			t.Errorf("%q to %s is %s, want %s", s.reply, s.mechanism, got, s.kind)
		}
		r := said(s.reply)
		decided[slices.IndexFunc(rows, func(row row) bool { return row.fits(r, lower(strings.Join(r.Lines, " "))) })] = true
	}
	for i, r := range rows {
		if !decided[i] {
			t.Errorf("no reply is decided by %+v", r)
		}
		for _, w := range r.words {
			if w != lower(w) {
				t.Errorf("%q is not in lower case", w)
			}
		}
	}
}

// What a server of ours may find has a kind, and no two.
func TestOfReason(t *testing.T) {
	own := []string{"nul", "nul-or-line-end", "not-utf8", "not-ascii", "name-too-long", "challenge-not-empty", "prompt", "out-of-step", "too-few-iterations",
		"wrong-signature", "not-latin1", "no-kdc", "unknown-principal", "unknown-service", "kdc-answer", "kdc-key", "wrong-session-key"} // a client's
	count := map[string]int{}
	for _, of := range reasons {
		for _, r := range of.list {
			count[r]++
		}
	}
	for _, r := range sasl.Vocabulary().Reasons {
		if want := !slices.Contains(own, r); (OfReason(r) != Unclear) != want || count[r] > 1 {
			t.Errorf("%s is %s, %d times", r, OfReason(r), count[r])
		}
		delete(count, r)
	}
	if len(count) > 0 {
		t.Errorf("no mechanism names %v", slices.Collect(maps.Keys(count)))
	}
}
