//go:build !js

package judges

import "testing"

var aiosmtpd = serverJudge{
	name: "aiosmtpd",
	version: func(t *testing.T) string {
		out, err := run(t, "", python(t), "-c", "import aiosmtpd; print(aiosmtpd.__version__)")
		if err != nil {
			missing(t, "aiosmtpd", debian("python3-aiosmtpd"))
		}
		return number(t, out, `(\S+)`)
	},
	mechanisms: []string{"PLAIN", "LOGIN"},
	start:      func(t *testing.T, s site) { background(t, s.json(), python(t), "testdata/aiosmtpd_serve.py") },
}
