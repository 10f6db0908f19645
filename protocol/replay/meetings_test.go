package replay

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/transcript"
)

// recorded says where the acts that were recorded stand.
var recorded = map[string]string{
	"mox-authelia/v0.0.11":   "go-mail-0.4.4-login--mox-v0.0.11", // the library inside Authelia
	"nul/learned":            "go-mail-0.4.4-login--aiosmtpd",
	"nul/password":           "go-sasl-login--twisted-server",
	"exim-prompts/without":   "curl-plain--exim-noprompts",
	"exim-prompts/misquoted": "swaks-login--exim-misquoted",
	"stray-star/postfix":     "go-net-smtp-plain--postfix-tls--bad-password",
	"digest-quotes/curl":     "curl--postfix-dovecot",
	"auth-int/sendmail":      "perl-net-smtp--sendmail",
	"one-typo/symfony":       "symfony-mailer--postfix-dovecot--bad-password",
	"letter-r/interactive":   "s_client--postfix-tls--interactive",
	"letter-r/quiet":         "s_client--postfix-tls--quiet",
	"survives-tls/sendmail":  "sendmail-msa--probe--auth_then_starttls",
	"survives-tls/mox":       "mox-v0.0.15--probe--auth_then_starttls",
	"other-535/mechanism":    "postfix-dovecot--probe--unknown_mechanism",
	"without-auth/goes-on":   "nodemailer--postfix-nosasl",
	"without-auth/stops":     "swaks-any--postfix-nosasl",
	"company-relay/checked":  "postfix-tls--probe--sender_not_owned",
	"company-relay/domain":   "haraka--probe--sender_not_owned",
}

// What an act that was recorded shows passed in the recording, in that order.
func TestMeetings(t *testing.T) {
	_, sessions := recordings(t)
	seen := 0
	for _, m := range dialects(t).Meetings {
		for _, a := range m.Acts {
			name := m.ID + "/" + a.ID
			r := sessions[recorded[name]]
			switch {
			case a.Evidence != dialect.Recorded && recorded[name] == "":
				continue
			case a.Evidence != dialect.Recorded || r == nil:
				t.Errorf("%s: %s, and recorded as %q", name, a.Evidence, recorded[name])
				continue
			}
			seen++
			left := a.Lines
			for _, l := range r.Lines {
				text := map[transcript.Side]string{transcript.Client: "C: ", transcript.Server: "S: ", transcript.None: "-- "}[l.Side] + string(l.Octets)
				if l.Kind == transcript.TLS {
					text = "-- tls"
				}
				for len(left) > 0 && (left[0] == "-- client" || left[0] == "-- server") { // who closed first is not told
					left = left[1:]
				}
				if len(left) > 0 && strings.HasPrefix(text, left[0]) {
					left = left[1:]
				}
			}
			if len(left) > 0 {
				t.Errorf("%s: no %q in %s", name, left[0], recorded[name])
			}
		}
	}
	if seen != len(recorded) {
		t.Errorf("%d of %d acts", seen, len(recorded))
	}
}
