package engineapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Changer sends an engine requests that change something. An audit has none: it is for
// what a person was shown first and agreed to (package rehearse).
type Changer struct{ client *Client }

// Changer changes the engine that the client reads.
func (c *Client) Changer() *Changer { return &Changer{c} }

// Get reads one document, as it is: its secrets are not redacted, and it is never kept.
func (c *Changer) Get(ctx context.Context, path string, into any) error {
	return c.client.get(ctx, path, into)
}

// Do sends a request with a document and decodes the answer, if into is not nil. It ends
// with the context, for what it starts may take long.
func (c *Changer) Do(ctx context.Context, method, path string, body, into any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.client.base+"/v"+c.client.version+path, &content)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	for name, value := range c.client.endpoint.Headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("User-Agent", "seawall")
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.client.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch {
	case err != nil:
		return fmt.Errorf("%s %s: %w", method, path, err)
	case resp.StatusCode >= http.StatusMultipleChoices && resp.StatusCode != http.StatusNotModified:
		return fmt.Errorf("%s %s: %w", method, path, &statusError{status: resp.StatusCode, message: message(answer)})
	case into == nil:
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, &decodeError{err: err})
	}
	return nil
}

// Gone reports whether an error says that what was asked for does not exist.
func Gone(err error) bool { return notFound(err) }

// RemoveTimeout is how long the removal of what was started may take, also when the work
// itself was ended.
const RemoveTimeout = 30 * time.Second
