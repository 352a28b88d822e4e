package report

import "github.com/jwtleak/jwtleak/scanner/finding"

// The parts of SARIF 2.1.0 (OASIS standard, section 3) that a report uses, under the names that it has there. They are
// written here and not taken from a library: the one there is links a schema validator with its HTTP client into the
// program, writes a dozen empty properties for each result and location, and holds the whole log at once. Tests read
// what is written with that library, and hold it against the schema that it carries.

type sarifRun struct {
	Tool                     sarifTool                        `json:"tool"`
	AutomationDetails        sarifAutomation                  `json:"automationDetails"`
	OriginalURIBaseIDs       map[string]sarifArtifactLocation `json:"originalUriBaseIds"`
	VersionControlProvenance []sarifVersionControl            `json:"versionControlProvenance,omitempty"`
	ColumnKind               string                           `json:"columnKind"`
	Taxonomies               []sarifToolComponent             `json:"taxonomies"`
	Properties               sarifRunProperties               `json:"properties"`
}

// sarifRunProperties has what SARIF has no place for: as of when the tokens were judged, and the summary as the JSON report
// has it.
type sarifRunProperties struct {
	EvaluatedAt string          `json:"evaluatedAt,omitempty"`
	Summary     finding.Summary `json:"summary"`
}

type sarifTool struct {
	Driver sarifToolComponent `json:"driver"`
}

type sarifToolComponent struct {
	Name                string               `json:"name"`
	FullName            string               `json:"fullName,omitempty"`
	Organization        string               `json:"organization,omitempty"`
	Version             string               `json:"version,omitempty"`
	SemanticVersion     string               `json:"semanticVersion,omitempty"`
	InformationURI      string               `json:"informationUri,omitempty"`
	ShortDescription    *sarifText           `json:"shortDescription,omitempty"`
	Rules               []sarifDescriptor    `json:"rules,omitempty"`
	Notifications       []sarifDescriptor    `json:"notifications,omitempty"`
	Taxa                []sarifDescriptor    `json:"taxa,omitempty"`
	SupportedTaxonomies []sarifComponentName `json:"supportedTaxonomies,omitempty"`
}

type sarifComponentName struct {
	Name  string `json:"name"`
	Index int    `json:"index"`
}

type sarifDescriptor struct {
	ID                   string              `json:"id"`
	Name                 string              `json:"name,omitempty"`
	ShortDescription     *sarifText          `json:"shortDescription,omitempty"`
	FullDescription      *sarifText          `json:"fullDescription,omitempty"`
	Help                 *sarifText          `json:"help,omitempty"`
	HelpURI              string              `json:"helpUri,omitempty"`
	DefaultConfiguration *sarifConfiguration `json:"defaultConfiguration,omitempty"`
	Relationships        []sarifRelationship `json:"relationships,omitempty"`
	Properties           map[string]any      `json:"properties,omitempty"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

type sarifRelationship struct {
	Target sarifDescriptorReference `json:"target"`
	Kinds  []string                 `json:"kinds"`
}

type sarifDescriptorReference struct {
	ID            string              `json:"id"`
	ToolComponent *sarifComponentName `json:"toolComponent,omitempty"`
}

// sarifText is a message or a multiformatMessageString.
type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifAutomation struct {
	ID string `json:"id"`
}

type sarifVersionControl struct {
	RepositoryURI string                 `json:"repositoryUri"`
	RevisionID    string                 `json:"revisionId,omitempty"`
	Branch        string                 `json:"branch,omitempty"`
	MappedTo      *sarifArtifactLocation `json:"mappedTo,omitempty"`
}

type sarifResult struct {
	RuleID              string                     `json:"ruleId"`
	RuleIndex           int                        `json:"ruleIndex"`
	Level               string                     `json:"level"`
	Message             sarifText                  `json:"message"`
	Locations           []sarifLocation            `json:"locations"`
	RelatedLocations    []sarifLocation            `json:"relatedLocations,omitempty"`
	PartialFingerprints map[string]string          `json:"partialFingerprints"`
	OccurrenceCount     int                        `json:"occurrenceCount,omitempty"`
	Rank                float64                    `json:"rank"`
	Suppressions        []sarifSuppression         `json:"suppressions,omitempty"`
	Taxa                []sarifDescriptorReference `json:"taxa,omitempty"`
	Properties          sarifResultProperties      `json:"properties"`
}

// sarifResultProperties are the facts of a finding that SARIF has no property for.
type sarifResultProperties struct {
	ID            string   `json:"id"`
	Severity      string   `json:"severity"`
	Status        string   `json:"status"`
	Algorithm     string   `json:"algorithm,omitempty"`
	KeyID         string   `json:"keyId,omitempty"`
	Issuer        string   `json:"issuer,omitempty"`
	IssuerName    string   `json:"issuerName,omitempty"`
	TokenUse      string   `json:"tokenUse,omitempty"`
	Revocation    string   `json:"revocation,omitempty"`
	Subject       string   `json:"subject,omitempty"`
	Audience      []string `json:"audience,omitempty"`
	Scopes        []string `json:"scopes,omitempty"`
	Sample        bool     `json:"sample,omitempty"`
	IssuedAt      string   `json:"issuedAt,omitempty"`
	NotBefore     string   `json:"notBefore,omitempty"`
	Holder        string   `json:"holder,omitempty"`
	HolderBy      string   `json:"holderBy,omitempty"`
	ExpiresAt     string   `json:"expiresAt,omitempty"`
	ExpiresIn     *int64   `json:"expiresInSeconds,omitempty"`
	Lifetime      *int64   `json:"lifetimeSeconds,omitempty"`
	FirstSeen     string   `json:"firstSeen,omitempty"`
	LastSeen      string   `json:"lastSeen,omitempty"`
	SeenBy        string   `json:"seenBy,omitempty"`
	LiveWhenSeen  *bool    `json:"liveWhenSeen,omitempty"`
	WindowSeconds *int64   `json:"windowSeconds,omitempty"`
	Risks         []string `json:"risks,omitempty"`
	Raw           string   `json:"raw,omitempty"`
}

type sarifLocation struct {
	ID               *int                   `json:"id,omitempty"`
	PhysicalLocation sarifPhysicalLocation  `json:"physicalLocation"`
	LogicalLocations []sarifLogicalLocation `json:"logicalLocations,omitempty"`
	Message          *sarifText             `json:"message,omitempty"`
	Properties       *sarifPlaceProperties  `json:"properties,omitempty"`
}

type sarifPlaceProperties struct {
	Object    string   `json:"object,omitempty"`
	Commit    string   `json:"commit,omitempty"`
	Author    string   `json:"author,omitempty"`
	Encodings []string `json:"encodings,omitempty"`
}

type sarifPhysicalLocation struct {
	ArtifactLocation sarifArtifactLocation `json:"artifactLocation"`
	Region           *sarifRegion          `json:"region,omitempty"`
}

type sarifArtifactLocation struct {
	URI         string     `json:"uri,omitempty"`
	URIBaseID   string     `json:"uriBaseId,omitempty"`
	Description *sarifText `json:"description,omitempty"`
}

type sarifRegion struct {
	StartLine   int64 `json:"startLine"`
	StartColumn int64 `json:"startColumn,omitempty"`
}

type sarifLogicalLocation struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
	Kind               string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification,omitempty"`
}

type sarifInvocation struct {
	ExecutionSuccessful        bool                `json:"executionSuccessful"`
	ExitCode                   *int                `json:"exitCode,omitempty"`
	StartTimeUTC               string              `json:"startTimeUtc,omitempty"`
	EndTimeUTC                 string              `json:"endTimeUtc,omitempty"`
	ToolExecutionNotifications []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Descriptor sarifDescriptorReference `json:"descriptor"`
	Level      string                   `json:"level"`
	Message    sarifText                `json:"message"`
}
