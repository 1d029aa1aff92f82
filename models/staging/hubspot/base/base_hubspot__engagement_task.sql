{{ config(materialized='table') }}

{{ engagement_rows('engagement_task') }}
