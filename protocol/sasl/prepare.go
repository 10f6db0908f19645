package sasl

import "example.org/smtpauth/protocol/trace"

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

func usable(v trace.Value, err error) string {
	switch {
	case err != nil:
		return "not-prepared"
	case len(v.Octets) == 0:
		return "empty"
	}
	return ""
}
