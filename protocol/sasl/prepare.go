package sasl

import (
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/trace"
)

// prepare returns the SASLprep form of a query string, or the reason why there
// is none to go on with: "not-prepared" or "empty".
func prepare(rec *trace.Recorder, label string, v trace.Value) (trace.Value, string) {
	v, err := rec.Prepare(label, v)
	return v, usable(v, err)
}

// prepareStored does the same for a string that is stored (RFC 3454 §7).
func prepareStored(text string) (string, string) {
	v, err := (*trace.Recorder)(nil).PrepareStored("", trace.Constant(text))
	return v.String(), usable(v, err)
}

// prepared is a name or a password, which check has let pass, as the client
// uses it: in its SASLprep form, unless it does not prepare (CRM-07).
func (c *Credentials) prepared(env *Env, quirks *quirk.Record, label, text string) trace.Value {
	raw := env.Trace.Text(label, text, trace.Client)
	if v, _ := prepare(nil, "", raw); v.String() != text && quirks.Does(quirk.Unprepared) {
		return raw
	}
	v, _ := prepare(env.Trace, label+"-prepared", raw)
	return v
}

// unless is env, or the same without a recorder: what is computed for nothing
// but to take as long is not shown.
func (e *Env) unless(quiet bool) *Env {
	if quiet {
		return &Env{}
	}
	return e
}

func usable(v trace.Value, err error) string {
	switch {
	case err != nil:
		return "not-prepared"
	case len(v.Octets) == 0:
		return "empty"
	}
	return ""
}
