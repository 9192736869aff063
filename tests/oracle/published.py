"""Published programs as the language writes them, for the oracle's own tests."""

QUICKBOOKS = """
program: {id: quickbooks-proadvisor, version: us-2020, effective: 2020-01-01, currency: USD}
points:
  online_clients: {for_each: subscriptions, where: {product: online}, earn: 50}
  self_employed_clients: {for_each: subscriptions, where: {product: self_employed}, earn: 25}
  payroll_clients: {for_each: subscriptions, where: {product: payroll}, earn: 50}
  online_certificates: {based_on: {count: person, of: credentials, where: {code: online}}, earn: {rate: 100}}
  advanced_certificates: {based_on: {count: person, of: credentials, where: {code: advanced_online}}, earn: {rate: 200}}
  desktop_certificates: {based_on: {count: person, of: credentials, where: {code: desktop}}, earn: {rate: 100}}
  bundle: {for_each: subscriptions, where: {product: desktop_bundle}, earn: 100, cap: 100}
scores:
  total: {sum: [online_clients, self_employed_clients, payroll_clients, online_certificates, advanced_certificates,
                desktop_certificates, bundle]}
ladders:
  level:
    tiers:
      - {id: silver}
      - {id: gold, requires: {score: total, at_least: 200}}
      - {id: platinum, requires: {score: total, at_least: 800}}
      - {id: elite, requires: {score: total, at_least: 1600}}
"""

AWS = """
program: {id: aws-services-path, version: "2024", effective: 2024-01-01, currency: USD}
facts: {deals: {columns: {monthly_revenue: amount}}}
tables: {core_validations: [managed_services, devops, cloud_operations]}
measures:
  accredited: {count: person, of: credentials, where: {family: accreditation}}
  accredited_technical: {count: person, of: credentials, where: {family: accreditation, role: technical}}
  accredited_business: {count: person, of: credentials, where: {family: accreditation, role: business}}
  foundational: {count: person, of: credentials, where: {family: certification, level: foundational}}
  technical: {count: person, of: credentials, where: {family: certification, role: technical}}
  senior: {count: person, of: credentials, where: {family: certification, role: technical, level: [professional, specialty]}}
  launches: {count: facts, of: deals, where: {stage: launched}, over: {last: 12 months}}
  launch_revenue: {sum: monthly_revenue, of: deals, where: {stage: launched}, over: {last: 12 months}}
  validations: {count: code, of: credentials, where: {family: validation}}
  core_validations_held: {count: code, of: credentials, where: {family: validation, code: {table: core_validations}}}
  references: {count: facts, of: activities, where: {kind: public_reference}, over: ever}
  survey_answers: {count: facts, of: surveys, over: {last: 12 months}}
requirements:
  plan: {decision: business_plan, over: {last: 12 months}}
  premier_rows: {all: [
    {measure: [accredited_technical, accredited_business, foundational, senior], at_least: 10}, {measure: accredited, at_least: 20},
    {measure: technical, at_least: 25}, {measure: launches, at_least: 50}, {measure: launch_revenue, at_least: 50000},
    {measure: validations, at_least: 3}, {measure: core_validations_held, at_least: 1}, {measure: references, at_least: 6},
    {measure: survey_answers, at_least: 30}, {requirement: plan}, {decision: executive_review}, {decision: fee}]}
ladders:
  level:
    tiers:
      - id: select
        requires: {all: [
          {measure: [accredited_technical, accredited_business, foundational, technical], at_least: 2}, {measure: accredited, at_least: 4},
          {measure: launches, at_least: 3}, {measure: launch_revenue, at_least: 1500}, {measure: references, at_least: 1},
          {measure: survey_answers, at_least: 5}, {decision: fee}]}
      - id: advanced
        requires: {all: [
          {measure: [accredited_technical, accredited_business, foundational], at_least: 4}, {measure: accredited, at_least: 8},
          {measure: technical, at_least: 6}, {measure: senior, at_least: 3}, {measure: launches, at_least: 20},
          {measure: launch_revenue, at_least: 10000}, {measure: references, at_least: 2}, {measure: survey_answers, at_least: 20},
          {requirement: plan}, {decision: fee}]}
      - id: premier
        requires: {count: {requirement: premier_rows}, each: day, over: {last: 6 months}, at_least: all}
"""
